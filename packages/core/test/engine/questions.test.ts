import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import type { AskOptions, Engine, HumanRequestView, Json, JsonObject, Schema, TaskContext, TaskloomError } from '../../src/index.js';
import { agent, counted, echo } from '../helpers/agents.js';
import { Gate } from '../helpers/gate.js';
import { ended, eventOf, eventsOf, refusal, statusesOf, taskOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import { VirtualClock } from '../helpers/virtual-clock.js';

const lab = useLab();

const Verdict = z.object({ approve: z.boolean(), note: z.string().max(20).optional() });
const asks = (options: Partial<AskOptions> = {}, name = 'release') =>
  counted('asks', (_, ctx) => ctx.ask(name, { question: 'Release it?', ...options }));
const objective = (name: string, more = {}) => ({
  name: 'job',
  tasks: [{ key: 'asker', type: 'OBJECTIVE' as const, agent: name, ...more }],
});

async function openQuestions(engine: Engine, jobId: string): Promise<readonly HumanRequestView[]> {
  return (await engine.reader.humanRequests({ jobId, status: ['OPEN'] }, { first: 100 })).items;
}

/** Waits until the job asks, and gives the question. */
async function question(engine: Engine, jobId: string, name = 'release'): Promise<HumanRequestView> {
  await eventOf(engine, jobId, 'HUMAN_REQUESTED', undefined, ({ data }) => (data as { name?: string }).name === name);
  const found = (await openQuestions(engine, jobId)).find((one) => one.name === name);
  if (!found) throw new Error(`the question ${name} is not open`);
  return found;
}

describe('ctx.ask', () => {
  it('ends the run without spending an attempt or a place, and goes on with the answer and who gave it (A13)', async () => {
    const seen: unknown[] = [];
    const asker = counted('asks', async (_, ctx) => {
      seen.push(ctx.attempt.reason, ctx.attempt.number);
      return ctx.ask('release', { question: 'Release it?', about: { build: 7 }, schema: Verdict });
    });
    const engine = await lab.start([asker.agent, echo], { maxParallel: 1 });
    const handle = await engine.submitJob(objective('asks'));
    const asked = await question(engine, handle.id);
    expect(asked).toMatchObject({
      kind: 'question',
      name: 'release',
      question: 'Release it?',
      about: { build: 7 },
      status: 'OPEN',
      taskKey: 'asker',
      deadline: null,
      schema: { type: 'object', required: ['approve'] },
      answer: null,
      answeredBy: null,
    });
    expect(await taskOf(engine, handle.id, 'asker')).toMatchObject({ status: 'BLOCKED', statusReason: 'WAITING_HUMAN', attempt: 1 });
    expect((await handle.status()).status).toBe('RUNNING');
    // Its place is free.
    await (await engine.submitJob({ name: 'other', tasks: [{ key: 'a', agent: 'echo' }] })).result();
    const answered = await engine.answerHumanRequest(asked.id, { approve: true }, { actor: 'ada', hash: asked.hash });
    expect(answered).toMatchObject({ status: 'ANSWERED', answer: { approve: true }, answeredBy: 'user:ada' });
    expect(await handle.result()).toEqual({ timedOut: false, answer: { approve: true }, by: 'user:ada' });
    expect(seen).toEqual(['FIRST', 1, 'ANSWERED', 1]);
  });

  it('asks several things together, and goes on when all are answered, in whatever order', async () => {
    const asker = counted('asks', async (_, ctx) => {
      const answers = await Promise.all(['a', 'b', 'c'].map((name) => ctx.ask(name, { question: name })));
      return answers.map(({ answer }) => answer);
    });
    const engine = await lab.start([asker.agent]);
    const handle = await engine.submitJob(objective('asks'));
    for (const name of ['c', 'a', 'b']) await engine.answerHumanRequest((await question(engine, handle.id, name)).id, name.toUpperCase());
    expect(await handle.result()).toEqual(['A', 'B', 'C']);
    expect(asker.starts).toHaveLength(2);
  });

  it('waits for an answer and for a task together', async () => {
    const asker = agent('asks', async (_, ctx) => [await Promise.all([ctx.ask('q', { question: '?' }), ctx.need('echo', 5)])]);
    const engine = await lab.start([asker, echo]);
    const handle = await engine.submitJob(objective('asks'));
    await eventOf(engine, handle.id, 'TASK_COMPLETED', 'asker.echo');
    expect((await taskOf(engine, handle.id, 'asker')).statusReason).toBe('WAITING_HUMAN');
    await engine.answerHumanRequest((await question(engine, handle.id, 'q')).id, null);
    expect(await handle.result()).toEqual([[{ timedOut: false, answer: null, by: 'user' }, 5]]);
  });

  it('gives each run of one generation the same answer: a retry does not ask again', async () => {
    let failed = false;
    const asker = agent(
      'asks',
      async (_, ctx) => {
        const { answer } = await ctx.ask('q', { question: '?' });
        if (!failed) {
          failed = true;
          throw new Error('after the answer');
        }
        return answer;
      },
      { retry: { maxAttempts: 2, backoff: 'none' } },
    );
    const engine = await lab.start([asker]);
    const handle = await engine.submitJob(objective('asks'));
    await engine.answerHumanRequest((await question(engine, handle.id, 'q')).id, 'yes');
    expect(await handle.result()).toBe('yes');
    expect((await eventsOf(engine, handle.id)).filter(({ type }) => type === 'HUMAN_REQUESTED')).toHaveLength(1);
  });

  it('asks again in a new generation', async () => {
    const asker = asks();
    const engine = await lab.start([asker.agent]);
    const handle = await engine.submitJob(objective('asks'));
    const first = await question(engine, handle.id);
    await engine.answerHumanRequest(first.id, 1);
    await handle.result();
    await engine.retryTask((await taskOf(engine, handle.id, 'asker')).id);
    await eventOf(engine, handle.id, 'HUMAN_REQUESTED', 'asker', ({ data }) =>
      String((data as { request?: string }).request).endsWith(':q2'),
    );
    const [second] = await openQuestions(engine, handle.id);
    expect(second!.id).not.toBe(first.id);
    await engine.answerHumanRequest(second!.id, 2);
    expect(await engine.job(handle.id).result()).toMatchObject({ answer: 2 });
  });

  it('survives a restart before the answer', async () => {
    const asker = asks();
    const first = await lab.start([asker.agent]);
    const { id } = await first.submitJob(objective('asks'));
    const asked = await question(first, id);
    const second = await lab.restart(first, [asker.agent]);
    expect(second.recoveryReport()).toMatchObject({ requeued: 0, parked: 0, jobs: [{ id }] });
    await engineAnswers(second, asked, 'later');
    expect(await second.job(id).result()).toMatchObject({ answer: 'later' });
  });

  const engineAnswers = (engine: Engine, { id, hash }: HumanRequestView, answer: Json) => engine.answerHumanRequest(id, answer, { hash });
});

describe('a question with a deadline', () => {
  const start = async (options: Partial<AskOptions>) => {
    const clock = new VirtualClock();
    const asker = asks({ deadline: 300, ...options });
    const engine = await lab.start([asker.agent, echo], { clock });
    const handle = await engine.submitJob(objective('asks'));
    await clock.advance(50);
    return { clock, engine, handle, asker };
  };

  it('that nobody answers goes on with timedOut, not a moment earlier; an answer is too late then (A13, D1)', async () => {
    const { clock, engine, handle } = await start({});
    const [asked] = await openQuestions(engine, handle.id);
    // The run had begun at 0 and the question is stored some milliseconds later; its deadline counts from the call.
    expect(asked!.deadline).toBe(Date.UTC(2026, 0, 1) + 300);
    await clock.advance(249);
    expect((await taskOf(engine, handle.id, 'asker')).status).toBe('BLOCKED');
    await clock.advance(1);
    expect(await handle.result()).toEqual({ timedOut: true, answer: null, by: null });
    expect((await refusal(engine.answerHumanRequest(asked!.id, 'late'))).code).toBe('REQUEST_CLOSED');
    expect((await engine.reader.humanRequest(asked!.id))!.status).toBe('EXPIRED');
  });

  it('fails the agent with HUMAN_TIMEOUT where it says `fail`', async () => {
    const { clock, engine, handle } = await start({ onTimeout: 'fail' });
    await clock.advance(300);
    await ended(engine, handle.id);
    expect((await taskOf(engine, handle.id, 'asker')).error).toMatchObject({ code: 'HUMAN_TIMEOUT', details: { question: 'release' } });
  });

  it('pauses the job where it says `pause`; the question is still open after a restart, and its answer continues the job (A13)', async () => {
    const { clock, engine, handle, asker } = await start({ onTimeout: 'pause' });
    await clock.advance(300);
    expect((await handle.status()).status).toBe('PAUSED');
    const second = await lab.restart(engine, [asker.agent, echo], { clock });
    expect((await second.job(handle.id).status()).status).toBe('PAUSED');
    const [asked] = await openQuestions(second, handle.id);
    expect(asked).toMatchObject({ status: 'OPEN', name: 'release' });
    await second.answerHumanRequest(asked!.id, 'at last');
    await clock.advance(10);
    expect(await second.job(handle.id).result()).toMatchObject({ timedOut: false, answer: 'at last' });
  });

  it('that paused the job leaves it paused where an operator has paused it as well', async () => {
    for (const operatorIsFirst of [true, false]) {
      const { clock, engine, handle } = await start({ onTimeout: 'pause' });
      if (operatorIsFirst) await engine.pauseJob(handle.id, { reason: 'mine' });
      await clock.advance(300);
      if (!operatorIsFirst) await engine.pauseJob(handle.id, { reason: 'mine' });
      const [asked] = await openQuestions(engine, handle.id);
      await engine.answerHumanRequest(asked!.id, 'yes');
      await clock.advance(10);
      expect((await handle.status()).status).toBe('PAUSED');
      await engine.resumeJob(handle.id);
      await clock.advance(10);
      expect(await handle.result()).toMatchObject({ answer: 'yes' });
      await lab.fresh();
    }
  });

  it('does not hold the job any more once an operator has resumed it; the answer still comes through', async () => {
    const { clock, engine, handle } = await start({ onTimeout: 'pause' });
    await clock.advance(300);
    await engine.resumeJob(handle.id);
    expect((await handle.status()).status).toBe('RUNNING');
    await engine.pauseJob(handle.id);
    const [asked] = await openQuestions(engine, handle.id);
    await engine.answerHumanRequest(asked!.id, 'yes');
    expect((await handle.status()).status).toBe('PAUSED');
    await engine.resumeJob(handle.id);
    await clock.advance(10);
    expect(await handle.result()).toMatchObject({ answer: 'yes' });
  });

  it('that passed while no engine ran expires at the next start', async () => {
    const { clock, engine, handle, asker } = await start({});
    await lab.stop(engine);
    clock.jump(1_000);
    const second = await lab.start([asker.agent], { clock });
    await clock.advance(10);
    expect(await second.job(handle.id).result()).toMatchObject({ timedOut: true });
  });

  it('in the past is over at once', async () => {
    const { clock, handle } = await start({ deadline: new Date(0) });
    await clock.advance(10);
    expect(await handle.result()).toMatchObject({ timedOut: true });
  });
});

describe('a schema for answers (bad input F8)', () => {
  /** What any library may come with. */
  const given = (json: unknown): Schema => ({
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: (value: unknown) => ({ value }),
      jsonSchema: { input: () => json as JsonObject, output: () => json as JsonObject },
    },
  });
  const deep = (): unknown => Array.from({ length: 5_000 }).reduce((items) => ({ items }), {});
  const outcome = async (schema: Schema): Promise<Json> => {
    const asker = agent('asks', (_, ctx) =>
      ctx.ask('q', { question: '?', schema }).catch((error: TaskloomError) => {
        if (error.code === undefined) throw error;
        return { code: error.code, rule: error.details['rule'] as Json, path: error.details['path'] as Json, message: error.message };
      }),
    );
    const engine = await lab.start([asker]);
    const { id } = await engine.submitJob(objective('asks'));
    const result = (await engine.job(id).result()) as Json;
    expect((await engine.reader.humanRequests({ jobId: id }, { first: 10 })).items).toEqual([]);
    return result;
  };

  it.each<[string, Schema, string, string]>([
    ['a remote `$ref`', given({ $ref: 'https://example.org/answer.json' }), 'remote-reference', '/$ref'],
    ['`$data`', given({ properties: { a: { maximum: { $data: '1/b' } } } }), 'data-reference', '/properties/a/maximum'],
    ['a `pattern` without `maxLength`', z.object({ mail: z.email() }), 'pattern-length', '/properties/mail'],
    [
      'a pattern of exponential time',
      z
        .string()
        .max(50)
        .regex(/(a+)+$/),
      'pattern-time',
      '/pattern',
    ],
    ['5,000 levels', given(deep()), 'depth', ''],
    ['`uniqueItems` over objects', given({ uniqueItems: true, items: { type: 'object' } }), 'unique-items', ''],
    ['something that is no JSON Schema', given({ type: 'nonsense' }), 'invalid', ''],
    ['what is no JSON', given({ const: new Map() }), 'invalid', '/const'],
    ['a reference to nothing', given({ $ref: '#/$defs/nowhere' }), 'reference-target', '/$ref'],
  ])('with %s is refused at the line of the question, with the rule and the place; nobody is asked', async (_, schema, rule, path) => {
    const refused = (await outcome(schema)) as { message: string };
    expect(refused).toMatchObject({ code: 'SCHEMA_UNSAFE', rule, path });
    expect(refused.message).toContain('ctx.ask("q")');
    expect(refused.message.length).toBeLessThan(500);
  });

  it('with patterns that are bound checks answers; what is asked beside it is asked together', async () => {
    const asker = counted('asks', async (_, ctx) => {
      const answers = await Promise.all([
        ctx.ask('mail', { question: '?', schema: z.email().max(254) }),
        ctx.ask('any', { question: '?' }),
      ]);
      return answers.map(({ answer }) => answer);
    });
    const engine = await lab.start([asker.agent]);
    const { id } = await engine.submitJob(objective('asks'));
    const mail = await question(engine, id, 'mail');
    expect((await refusal(engine.answerHumanRequest(mail.id, 'nobody'))).code).toBe('INPUT_SCHEMA');
    expect((await refusal(engine.answerHumanRequest(mail.id, `${'a'.repeat(254)}@example.org`))).code).toBe('INPUT_SCHEMA');
    await engine.answerHumanRequest((await question(engine, id, 'any')).id, 1);
    await engine.answerHumanRequest(mail.id, 'ada@example.org');
    expect(await engine.job(id).result()).toEqual(['ada@example.org', 1]);
    expect(asker.starts).toHaveLength(2);
  });
});

describe('an answer', () => {
  it('that does not fit the schema is refused with its place, and the question stays open', async () => {
    const engine = await lab.start([asks({ schema: Verdict }).agent]);
    const handle = await engine.submitJob(objective('asks'));
    const { id } = await question(engine, handle.id);
    for (const [answer, path] of [
      ['yes', ''],
      [{}, ''],
      [{ approve: 'yes' }, '/approve'],
      [{ approve: true, note: 'x'.repeat(21) }, '/note'],
      [null, ''],
    ] as [Json, string][]) {
      const error = await refusal(engine.answerHumanRequest(id, answer));
      expect(error).toMatchObject({ code: 'INPUT_SCHEMA', details: { issues: [{ path }] } });
    }
    for (const answer of [undefined, 1n, () => 1, new Map(), Number.NaN])
      expect((await refusal(engine.answerHumanRequest(id, answer as never))).code).toBe('INPUT_NOT_JSON');
    await engine.answerHumanRequest(id, { approve: false, note: 'x'.repeat(20) });
    expect(await handle.result()).toMatchObject({ answer: { approve: false } });
  });

  it('that is too large is refused', async () => {
    const engine = await lab.start([asks().agent], { limits: { outputBytes: 100 } });
    const { id } = await engine.submitJob(objective('asks'));
    const asked = await question(engine, id);
    expect((await refusal(engine.answerHumanRequest(asked.id, 'x'.repeat(99)))).code).toBe('INPUT_TOO_LARGE');
    await engine.answerHumanRequest(asked.id, 'x'.repeat(40));
    await engine.job(id).result();
  });

  it('may use schemas of different questions with the same `$id`', async () => {
    const withId = (type: 'string' | 'number') => (type === 'string' ? z.string() : z.number()).meta({ $id: 'https://example.org/answer' });
    const asker = agent('asks', async (_, ctx) =>
      Promise.all([ctx.ask('a', { question: 'a', schema: withId('string') }), ctx.ask('b', { question: 'b', schema: withId('number') })]),
    );
    const engine = await lab.start([asker]);
    const { id } = await engine.submitJob(objective('asks'));
    const [a, b] = [await question(engine, id, 'a'), await question(engine, id, 'b')];
    await engine.answerHumanRequest(a.id, 'text');
    expect((await refusal(engine.answerHumanRequest(b.id, 'text'))).code).toBe('INPUT_SCHEMA');
    await engine.answerHumanRequest(b.id, 2);
    await engine.job(id).result();
  });

  it('to a request that nobody made, or a job that does not exist, is refused', async () => {
    const engine = await lab.start([asks().agent]);
    const handle = await engine.submitJob(objective('asks'));
    const { id } = await question(engine, handle.id);
    for (const unknown of [`${id}9`, 'nonsense', '', 'x'.repeat(5_000), handle.id, null, 7])
      expect((await refusal(engine.answerHumanRequest(unknown as never, 1))).code).toBe('NOT_FOUND');
  });

  it.each<[string, (engine: Engine, jobId: string) => Promise<unknown>]>([
    ['was cancelled with its job', (engine, jobId) => engine.cancelJob(jobId)],
    ['was cancelled by itself', (engine, jobId) => engine.cancelTask(`${jobId}:1`).then(() => ended(engine, jobId))],
  ])('to a question whose task %s is refused; the question is withdrawn', async (_, end) => {
    const engine = await lab.start([asks().agent, echo]);
    const { id } = await engine.submitJob({ name: 'job', tasks: [{ key: 'asker', agent: 'asks' }] });
    const asked = await question(engine, id);
    await end(engine, id);
    expect((await engine.reader.humanRequest(asked.id))!.status).toBe('WITHDRAWN');
    expect((await refusal(engine.answerHumanRequest(asked.id, 1))).code).toBe('REQUEST_CLOSED');
  });

  it('counts once: of many that race one wins, and the others are told so (G12)', async () => {
    const engine = await lab.start([asks().agent], { maxParallel: 4 });
    for (let round = 0; round < 25; round += 1) {
      const handle = await engine.submitJob(objective('asks'));
      const { id, hash } = await question(engine, handle.id);
      const answers = await Promise.allSettled(
        Array.from({ length: 40 }, (_, n) => engine.answerHumanRequest(id, n, { actor: `user-${n}`, ...(n % 2 ? { hash } : {}) })),
      );
      const won = answers.flatMap(({ status }, n) => (status === 'fulfilled' ? [n] : []));
      expect(won).toHaveLength(1);
      const lost = answers.flatMap((answer) => (answer.status === 'rejected' ? [(answer.reason as { code: string }).code] : []));
      expect(new Set(lost)).toEqual(new Set(['REQUEST_CLOSED']));
      expect(await handle.result()).toEqual({ timedOut: false, answer: won[0], by: `user:user-${won[0]}` });
    }
  });

  it('races with the deadline and with a cancellation: one of them counts (G12)', async () => {
    const clock = new VirtualClock();
    const engine = await lab.start([asks({ deadline: 100 }).agent], { clock });
    for (let round = 0; round < 10; round += 1) {
      const handle = await engine.submitJob(objective('asks'));
      await clock.advance(50);
      const [asked] = await openQuestions(engine, handle.id);
      const answer = engine.answerHumanRequest(asked!.id, 'yes').then(
        () => 'answered',
        (error: { code: string }) => error.code,
      );
      const cancelled = round % 2 ? engine.cancelJob(handle.id).then(() => 'cancelled') : clock.advance(100).then(() => 'expired');
      await clock.advanceUntil(Promise.all([answer, cancelled]));
      const { status } = (await engine.reader.humanRequest(asked!.id))!;
      expect([await answer, status]).toEqual(
        (await answer) === 'answered' ? ['answered', 'ANSWERED'] : ['REQUEST_CLOSED', round % 2 ? 'WITHDRAWN' : 'EXPIRED'],
      );
      await clock.advance(200);
    }
  });

  it('with the hash of another question is always refused (G12)', async () => {
    const asker = agent('asks', async (_, ctx) =>
      Promise.all([
        ctx.ask('a', { question: 'Pay?', about: { amount: 10 } }),
        ctx.ask('b', { question: 'Pay?', about: { amount: 1_000 } }),
      ]),
    );
    const engine = await lab.start([asker]);
    const { id } = await engine.submitJob(objective('asks'));
    const [a, b] = [await question(engine, id, 'a'), await question(engine, id, 'b')];
    expect(a.hash).not.toBe(b.hash);
    for (const hash of [b.hash, '', 'nonsense', a.hash.toUpperCase()])
      expect((await refusal(engine.answerHumanRequest(a.id, true, { hash }))).code).toBe('REQUEST_CHANGED');
    await engine.answerHumanRequest(a.id, true, { hash: a.hash });
    // A replay is none either.
    expect((await refusal(engine.answerHumanRequest(a.id, true, { hash: a.hash }))).code).toBe('REQUEST_CLOSED');
    await engine.answerHumanRequest(b.id, true, { hash: b.hash });
    await engine.job(id).result();
  });
});

describe('a question that cannot be asked', () => {
  const code = async (act: (ctx: TaskContext) => Promise<unknown>) => {
    const asker = agent('asks', async (_, ctx) => (await refusal(act(ctx))).code);
    const engine = await lab.start([asker]);
    return (await engine.submitJob(objective('asks'))).result();
  };

  it.each<[string, string, Partial<AskOptions>, string]>([
    ['a deadline that is no time', 'q', { deadline: 'soon' as never }, 'OPTIONS_INVALID'],
    ['an unknown action', 'q', { onTimeout: 'explode' as never }, 'OPTIONS_INVALID'],
    ['no text', 'q', { question: '   ' }, 'OPTIONS_INVALID'],
    ['a question that is no text', 'q', { question: 7 as never }, 'OPTIONS_INVALID'],
    ['no name', '', {}, 'OPTIONS_INVALID'],
    ['a name that is no text', 7 as never, {}, 'OPTIONS_INVALID'],
    ['`about` that is no JSON', 'q', { about: { at: new Date() } as never }, 'INPUT_NOT_JSON'],
    ['`about` that is too long', 'q', { about: { text: 'x'.repeat(16_384) } }, 'INPUT_TOO_LARGE'],
  ])('because of %s throws at that line', async (_, name, options, expected) => {
    expect(await code((ctx) => ctx.ask(name, { question: 'What?', ...options }))).toBe(expected);
  });

  it('because its name came twice throws at that line', async () => {
    const asker = agent('asks', async (_, ctx) => {
      await ctx.ask('q', { question: 'a' });
      return (await refusal(ctx.ask('q', { question: 'b' }))).code;
    });
    const engine = await lab.start([asker]);
    const handle = await engine.submitJob(objective('asks'));
    await engine.answerHumanRequest((await question(engine, handle.id, 'q')).id, 1);
    expect(await handle.result()).toBe('STEP_NAME_REUSED');
  });
});

describe('a question of a task that another one added', () => {
  it('is withdrawn when that one is rejected and begins again', async () => {
    const asker = asks();
    const gate = new Gate();
    const parent = counted(
      'parent',
      async (_, ctx) => {
        if (ctx.attempt.feedback !== null) return 'second';
        await ctx.spawn('asks', 1);
        await gate.pass();
        return 'first';
      },
      { review: (output: unknown) => output === 'second' || 'no' },
    );
    const engine = await lab.start([asker.agent, parent.agent]);
    const handle = await engine.submitJob(objective('parent'));
    const asked = await question(engine, handle.id);
    gate.open();
    await handle.result();
    expect((await engine.reader.humanRequest(asked.id))!.status).toBe('WITHDRAWN');
    expect(await openQuestions(engine, handle.id)).toEqual([]);
    expect(Object.values(await statusesOf(engine, handle.id)).filter((status) => status !== 'CANCELLED SUPERSEDED')).toEqual([]);
  });
});
