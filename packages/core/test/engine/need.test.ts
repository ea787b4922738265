import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { defineAgent, DependencyFailedError, FatalError } from '../../src/index.js';
import { agent, counted, echo } from '../helpers/agents.js';
import { forever, Gate } from '../helpers/gate.js';
import { ended, eventOf, eventsOf, outputOf, refusal, statusesOf, taskOf, tasksOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import { eventLoopTurns, VirtualClock } from '../helpers/virtual-clock.js';

const lab = useLab();

const Square = defineAgent({
  name: 'square',
  input: z.object({ n: z.number() }),
  output: z.object({ squared: z.number() }),
  execute: ({ n }) => ({ squared: n * n }),
});
const fails = agent('fails', () => {
  throw new FatalError('nothing there');
});

const objective = (name: string, input: unknown = null) => ({
  name: 'job',
  tasks: [{ key: 'asker', agent: name, type: 'OBJECTIVE' as const, input: input as never }],
});

describe('ctx.need', () => {
  it('makes exactly one task below the one that asks, which goes RUNNING, BLOCKED, READY, RUNNING, COMPLETED and never FAILED (A4, D9)', async () => {
    const asks = counted('asks', async (_, ctx) => ({ found: (await ctx.need(Square, { n: 7 })).squared }));
    const engine = await lab.start([Square, asks.agent]);
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'asker', agent: 'asks' }] });
    await handle.result();
    const tasks = await tasksOf(engine, handle.id);
    expect([...tasks.keys()]).toEqual(['objective', 'asker', 'asker.square']);
    expect(tasks.get('asker.square')).toMatchObject({ parent: 1, type: 'SUBTASK', origin: 'need', agent: 'square', status: 'COMPLETED' });
    expect(await outputOf(engine, handle.id, 'asker')).toEqual({ found: 49 });
    const history = (await engine.reader.taskHistory({ jobId: handle.id, no: 1 })).map(({ type, data }) =>
      type === 'TASK_SUSPENDED' ? `${type} ${JSON.stringify(data['reason'])}` : type,
    );
    expect(history).toEqual(['TASK_STARTED', 'TASKS_ADDED', 'TASK_SUSPENDED "WAITING_DEPENDENCIES"', 'TASK_STARTED', 'TASK_COMPLETED']);
    expect(asks.starts).toHaveLength(2);
    expect(tasks.get('asker')).toMatchObject({ attempt: 1, status: 'COMPLETED' });
  });

  it('tells the second run why it runs, and counts it as the same attempt', async () => {
    const seen: unknown[] = [];
    const asks = agent('asks', async (_, ctx) => {
      seen.push(ctx.attempt);
      await ctx.need(Square, { n: 1 });
    });
    const engine = await lab.start([Square, asks]);
    await (await engine.submitJob(objective('asks'))).result();
    expect(seen).toEqual([
      { number: 1, reason: 'FIRST', feedback: null },
      { number: 1, reason: 'DEPENDENCIES_RESOLVED', feedback: null },
    ]);
  });

  it('gives its place back while it waits: with one place for all, needs five levels deep are answered', async () => {
    const depth = agent('depth', async (level: number, ctx): Promise<number> =>
      level === 0 ? 0 : 1 + Number(await ctx.need('depth', level - 1)),
    );
    const engine = await lab.start([depth], { maxParallel: 1 });
    const handle = await engine.submitJob({ ...objective('depth', 5), options: { maxParallel: 1 } });
    expect(await handle.result()).toBe(5);
    expect((await tasksOf(engine, handle.id)).size).toBe(6);
  });

  it('asked several times together makes the tasks together, in one round', async () => {
    const asks = counted('asks', async (_, ctx) =>
      (await Promise.all([1, 2, 3, 4].map((n) => ctx.need(Square, { n })))).map(({ squared }) => squared),
    );
    const engine = await lab.start([Square, asks.agent]);
    const handle = await engine.submitJob(objective('asks'));
    expect(await handle.result()).toEqual([1, 4, 9, 16]);
    expect(asks.starts).toHaveLength(2);
    expect((await eventsOf(engine, handle.id)).filter(({ type }) => type === 'TASKS_ADDED')).toHaveLength(2);
  });

  it('asked after uneven awaits of one Promise.all takes few rounds', async () => {
    const asks = counted('asks', async (_, ctx) => {
      const one = async (n: number): Promise<number> => {
        for (let turn = 0; turn < n; turn += 1)
          await (turn % 3 === 0 ? new Promise((resolve) => setImmediate(resolve)) : Promise.resolve());
        return (await ctx.need(Square, { n })).squared;
      };
      return (await Promise.all(Array.from({ length: 12 }, (__, n) => one(n)))).reduce((a, b) => a + b, 0);
    });
    const engine = await lab.start([Square, asks.agent]);
    const handle = await engine.submitJob(objective('asks'));
    expect(await handle.result()).toBe(506);
    expect(asks.starts.length).toBeLessThanOrEqual(4);
    expect((await tasksOf(engine, handle.id)).size).toBe(13);
  });

  it('asked in a loop, one after another, is answered one after another', async () => {
    const asks = counted('asks', async (_, ctx) => {
      let n = 2;
      for (let round = 0; round < 6; round += 1) n = (await ctx.need(Square, { n })).squared % 1_000;
      return n;
    });
    const engine = await lab.start([Square, asks.agent]);
    const handle = await engine.submitJob(objective('asks'));
    let n = 2;
    for (let round = 0; round < 6; round += 1) n = (n * n) % 1_000;
    expect(await handle.result()).toBe(n);
    // 2 → 4 → 16 → 256 → 536 → 296 → 616: all different questions.
    expect((await tasksOf(engine, handle.id)).size).toBe(7);
  });

  it('asked the same question twice, in one run or in two, makes one task', async () => {
    const square = counted('square', ({ n }: { n: number }) => ({ squared: n * n }));
    const asks = agent('asks', async (_, ctx) => {
      const [a, b] = (await Promise.all([ctx.need('square', { n: 3 }), ctx.need('square', { n: 3 })])) as {
        squared: number;
      }[];
      const c = (await ctx.need('square', { n: 3 })) as { squared: number };
      return [a?.squared, b?.squared, c.squared];
    });
    const engine = await lab.start([square.agent, asks]);
    const handle = await engine.submitJob(objective('asks'));
    expect(await handle.result()).toEqual([9, 9, 9]);
    expect(square.starts).toHaveLength(1);
  });

  it('knows a question again whatever the order of its properties, and asks anew under another key', async () => {
    const square = counted('square', (input: { n: number }) => input.n);
    const asks = agent('asks', async (_, ctx) => [
      await ctx.need('square', { n: 3, m: 1 }),
      await ctx.need('square', { m: 1, n: 3 }),
      await ctx.need('square', { n: 3, m: 1 }, { key: 'again', name: 'Once more' }),
    ]);
    const engine = await lab.start([square.agent, asks]);
    const handle = await engine.submitJob(objective('asks'));
    expect(await handle.result()).toEqual([3, 3, 3]);
    expect(square.starts).toHaveLength(2);
    expect([...(await tasksOf(engine, handle.id)).values()].map(({ name }) => name)).toContain('Once more');
  });

  it('with a key of its own keeps the first answer, although the input changes from run to run', async () => {
    let runs = 0;
    const asks = agent('asks', async (_, ctx) => {
      runs += 1;
      const first = await ctx.need(echo, `asked in run ${runs}`, { key: 'question' });
      return [first, await ctx.need(echo, 'second')];
    });
    const engine = await lab.start([echo, asks]);
    expect(await (await engine.submitJob(objective('asks'))).result()).toEqual(['asked in run 1', 'second']);
  });

  it('gives answers that are null, false or empty as they are (M6)', async () => {
    const asks = agent('asks', async (_, ctx) => [
      await ctx.need(echo, null),
      await ctx.need(echo, false),
      await ctx.need(echo, ''),
      await ctx.need(echo, 0),
    ]);
    const engine = await lab.start([echo, asks]);
    expect(await (await engine.submitJob(objective('asks'))).result()).toEqual([null, false, '', 0]);
  });

  it('can ask for the agent itself, for one that is chosen by class, definition or name', async () => {
    class Shout {
      execute(input: { text: string }): string {
        return input.text.toUpperCase();
      }
    }
    const { createAgentDefinition } = await import('../../src/internal.js');
    const shout = createAgentDefinition(
      { name: 'shout', input: z.object({ text: z.string() }), output: z.string() },
      (input: never) => new Shout().execute(input),
      Shout,
    );
    const asks = agent('asks', async (_, ctx) => [
      await ctx.need(Shout, { text: 'a' }),
      await ctx.need('shout', { text: 'b' }),
      await ctx.need(Square, { n: 2 }),
    ]);
    const engine = await lab.start([shout, Square, asks]);
    expect(await (await engine.submitJob(objective('asks'))).result()).toEqual(['A', 'B', { squared: 4 }]);
  });
});

describe('a task that was asked for and failed', () => {
  it('throws DependencyFailedError at that line, which can be caught; the job goes on', async () => {
    let caught: unknown;
    const asks = agent('asks', async (_, ctx) => {
      try {
        return await ctx.need('fails', 1);
      } catch (error) {
        caught = error;
        return 'without it';
      }
    });
    const engine = await lab.start([fails, asks]);
    const handle = await engine.submitJob(objective('asks'));
    expect(await handle.result()).toBe('without it');
    expect(caught).toBeInstanceOf(DependencyFailedError);
    expect(caught).toMatchObject({
      code: 'DEPENDENCY_FAILED',
      taskKey: 'asker.fails',
      status: 'FAILED',
      taskError: { code: 'AGENT_FAILED', message: 'nothing there' },
    });
    expect(await handle.status()).toMatchObject({ status: 'COMPLETED', success: false });
  });

  it('fails the one that asked when it is not caught, with the cause; no hang (A5)', async () => {
    const asks = counted('asks', (_, ctx) => ctx.need('fails', 1), { retry: { maxAttempts: 3, backoff: 'none' } });
    const engine = await lab.start([fails, asks.agent]);
    const handle = await engine.submitJob(objective('asks'));
    expect((await ended(engine, handle.id)).status).toBe('FAILED');
    const asker = await taskOf(engine, handle.id, 'asker');
    expect(asker).toMatchObject({ status: 'FAILED', error: { code: 'DEPENDENCY_FAILED' } });
    expect(asker.error?.message).toContain('nothing there');
    // Another attempt would read the same answer: it is not tried.
    expect(asks.starts).toHaveLength(2);
    // The one that asked leaves BLOCKED with the very next event.
    const types = (await eventsOf(engine, handle.id)).map(({ type, taskKey }) => `${type} ${taskKey ?? ''}`);
    expect(types[types.indexOf('TASK_FAILED asker.fails') + 1]).toBe('TASK_STARTED asker');
  });

  it('or skipped itself tells so in the error', async () => {
    const skips = agent('skips', (_, ctx) => ctx.skip('not for you'));
    const asks = agent('asks', async (_, ctx) => ctx.need('skips', 1).catch((error: DependencyFailedError) => error.status));
    const engine = await lab.start([skips, asks]);
    expect(await (await engine.submitJob(objective('asks'))).result()).toBe('SKIPPED');
  });

  it('does not keep the answers of the others from arriving', async () => {
    const asks = agent('asks', async (_, ctx) =>
      (await Promise.allSettled([ctx.need(Square, { n: 2 }), ctx.need('fails', 1), ctx.need(Square, { n: 3 })])).map(
        ({ status }) => status,
      ),
    );
    const engine = await lab.start([fails, Square, asks]);
    const handle = await engine.submitJob(objective('asks'));
    expect(await handle.result()).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('is retried by the policy of its own agent before that', async () => {
    let calls = 0;
    const flaky = agent(
      'flaky',
      () => {
        if ((calls += 1) < 3) throw new Error('again');
        return 'third time';
      },
      { retry: { maxAttempts: 3, backoff: 'none' } },
    );
    const asks = counted('asks', (_, ctx) => ctx.need('flaky', 1));
    const engine = await lab.start([flaky, asks.agent]);
    expect(await (await engine.submitJob(objective('asks'))).result()).toBe('third time');
    expect(asks.starts).toHaveLength(2);
  });
});

describe('a suspension', () => {
  it('that the agent swallows suspends it all the same; nothing it does afterwards counts', async () => {
    const swallowed: unknown[] = [];
    const asks = agent('asks', async (_, ctx) => {
      try {
        return await ctx.need(Square, { n: 5 });
      } catch {
        swallowed.push(
          await refusal(ctx.step('after', () => 1)),
          await refusal(ctx.need(Square, { n: 6 })),
          await refusal(ctx.distilled()),
        );
        return 'I go on';
      }
    });
    const engine = await lab.start([Square, asks]);
    const handle = await engine.submitJob(objective('asks'));
    expect(await handle.result()).toEqual({ squared: 25 });
    expect(swallowed).toEqual([1, 2, 3].map(() => expect.objectContaining({ code: 'ATTEMPT_ENDED' })));
    expect((await tasksOf(engine, handle.id)).size).toBe(2);
  });

  it('that the agent swallows and then never returns from does not hold its task up: the answer wakes it (D10)', async () => {
    const clock = new VirtualClock();
    const asks = agent(
      'asks',
      async (_, ctx) => {
        if (ctx.attempt.reason === 'FIRST') return ctx.need(Square, { n: 5 }).catch(forever);
        return ctx.need(Square, { n: 5 });
      },
      { timeout: 0 },
    );
    const engine = await lab.start([Square, asks], { clock, maxParallel: 1, grace: 1_000 });
    const handle = await engine.submitJob(objective('asks'));
    await clock.advance(10_000);
    expect(await handle.result()).toEqual({ squared: 25 });
  });

  it('does not throw away a step that has begun: its result is kept, and it does not run again', async () => {
    const clock = new VirtualClock();
    const gate = new Gate<string>();
    let runs = 0;
    const asks = agent('asks', (_, ctx) =>
      Promise.all([
        ctx.need(Square, { n: 5 }),
        ctx.step('slow', () => {
          runs += 1;
          return gate.pass();
        }),
      ]),
    );
    const engine = await lab.start([Square, asks], { clock });
    const handle = await engine.submitJob(objective('asks'));
    await clock.advance(50);
    gate.open('kept');
    await clock.advance(10_000);
    expect(await handle.result()).toEqual([{ squared: 25 }, 'kept']);
    expect(runs).toBe(1);
  });

  it('is no failure: no retry is spent, and the attempts that follow a real failure keep their count', async () => {
    let failures = 0;
    const asks = agent(
      'asks',
      async (_, ctx) => {
        await ctx.need(Square, { n: 1 });
        if ((failures += 1) < 2) throw new Error('after the answer');
        return ctx.attempt.number;
      },
      { retry: { maxAttempts: 2, backoff: 'none' } },
    );
    const engine = await lab.start([Square, asks]);
    expect(await (await engine.submitJob(objective('asks'))).result()).toBe(2);
  });
});

describe('the memo of answers', () => {
  it('survives an automatic retry: nothing is asked again', async () => {
    const square = counted('square', ({ n }: { n: number }) => n * n);
    let failed = false;
    const asks = agent(
      'asks',
      async (_, ctx) => {
        const answer = await ctx.need('square', { n: 4 });
        if (!failed) {
          failed = true;
          throw new Error('after the answer');
        }
        return answer;
      },
      { retry: { maxAttempts: 2, backoff: 'none' } },
    );
    const engine = await lab.start([square.agent, asks]);
    expect(await (await engine.submitJob(objective('asks'))).result()).toBe(16);
    expect(square.starts).toHaveLength(1);
  });

  it('survives a restart between the question and the answer', async () => {
    const gate = new Gate<string>();
    const source = counted('source', () => gate.pass());
    const asks = counted('asks', (_, ctx) => ctx.need('source', 1));
    const first = await lab.start([source.agent, asks.agent]);
    const { id } = await first.submitJob(objective('asks'));
    await gate.reached();
    const second = await lab.restart(first, [agent('source', () => 'answered by another process'), asks.agent]);
    expect(await second.job(id).result()).toBe('answered by another process');
    expect(asks.starts).toHaveLength(2);
    expect((await tasksOf(second, id)).size).toBe(2);
  });

  it('survives a restart after the answer', async () => {
    const square = counted('square', () => 1);
    const gate = new Gate();
    const asks = (after: () => unknown) => agent('asks', async (_, ctx) => [await ctx.need('square', 1), await after()]);
    const first = await lab.start([square.agent, asks(() => gate.pass())]);
    const { id } = await first.submitJob(objective('asks'));
    await gate.reached();
    const second = await lab.restart(first, [square.agent, asks(() => 'later')]);
    expect(await second.job(id).result()).toEqual([1, 'later']);
    expect(square.starts).toHaveLength(1);
  });
});

describe('an agent whose questions never come to an end', () => {
  it('because they differ at each run fails with NEED_UNSTABLE after three rounds', async () => {
    let n = 0;
    const asks = counted('asks', (_, ctx) => ctx.need(Square, { n: (n += 1) }), { retry: { maxAttempts: 3, backoff: 'none' } });
    const engine = await lab.start([Square, asks.agent]);
    const handle = await engine.submitJob(objective('asks'));
    await ended(engine, handle.id);
    const asker = await taskOf(engine, handle.id, 'asker');
    expect(asker).toMatchObject({ status: 'FAILED', error: { code: 'NEED_UNSTABLE' } });
    expect(asks.starts).toHaveLength(4);
    expect((await tasksOf(engine, handle.id)).size).toBe(4);
  });

  it('is told from one that uses its earlier answers, however it asks for them', async () => {
    const asks = agent('asks', async (_, ctx) => {
      // Each run asks for one more than the last one: the new question first, those that are answered after it.
      let sum = 0;
      for (let upTo = 1; upTo <= 6; upTo += 1) {
        const answers = await Promise.all(Array.from({ length: upTo }, (__, n) => ctx.need(Square, { n: upTo - n })));
        sum = answers.reduce((total, { squared }) => total + squared, 0);
      }
      return sum;
    });
    const engine = await lab.start([Square, asks]);
    expect(await (await engine.submitJob(objective('asks'))).result()).toBe(91);
  });
});

describe('a question that is refused', () => {
  const attempt = async (
    question: (ctx: Parameters<NonNullable<Parameters<typeof agent>[1]>>[1]) => Promise<unknown>,
    options: Parameters<typeof lab.start>[1] & { allowedAgents?: string[] } = {},
  ) => {
    const { allowedAgents, ...engineOptions } = options;
    const asks = agent('asks', async (_, ctx) => {
      const error = await refusal(question(ctx));
      return { code: error.code, details: error.details };
    });
    const engine = await lab.start([Square, echo, asks], engineOptions);
    const handle = await engine.submitJob({ ...objective('asks'), options: allowedAgents ? { allowedAgents } : {} });
    const result = (await handle.result()) as { code: string; details: Record<string, unknown> };
    expect((await tasksOf(engine, handle.id)).size).toBe(1);
    return result;
  };

  it('because nobody has registered the agent says so at that line, with the nearest names', async () => {
    expect(await attempt((ctx) => ctx.need('sqare', {}))).toMatchObject({
      code: 'UNKNOWN_AGENT',
      details: { nearest: ['square'] },
    });
  });

  it('because the job does not allow the agent runs nothing (A12)', async () => {
    expect(await attempt((ctx) => ctx.need(Square, { n: 1 }), { allowedAgents: ['asks', 'echo'] })).toMatchObject({
      code: 'AGENT_NOT_ALLOWED',
      details: { agent: 'square' },
    });
  });

  it('because its input does not fit names the places', async () => {
    expect(await attempt((ctx) => ctx.need(Square, { n: 'x' } as never))).toMatchObject({
      code: 'INPUT_SCHEMA',
      details: { issues: [{ path: '/n' }] },
    });
  });

  it('because its input is no JSON says so', async () => {
    expect((await attempt((ctx) => ctx.need(echo, { n: 1n }))).code).toBe('INPUT_NOT_JSON');
  });

  it('because its input is too large says so: the limit passes, a byte more does not', async () => {
    const asks = agent('asks', async (_, ctx) => [
      typeof (await ctx.need(echo, 'x'.repeat(98))),
      (await refusal(ctx.need(echo, 'x'.repeat(99)))).code,
    ]);
    const engine = await lab.start([echo, asks], { limits: { inputBytes: 100 } });
    expect(await (await engine.submitJob(objective('asks'))).result()).toEqual(['string', 'INPUT_TOO_LARGE']);
  });
});

describe('the limits of growth (bad input A9)', () => {
  const failure = async (questions: number, limits: Record<string, number>, name = 'asks') => {
    const asks = agent(
      'asks',
      async (_, ctx) => (await Promise.all(Array.from({ length: questions }, (__, n) => ctx.need(echo, n)))).length,
    );
    const nests = agent('nests', async (level: number, ctx): Promise<number> =>
      level === 0 ? 0 : 1 + Number(await ctx.need('nests', level - 1)),
    );
    const engine = await lab.start([echo, asks, nests], { limits, file: `${JSON.stringify(limits).length}-${questions}.db` });
    const handle = await engine.submitJob(objective(name, questions));
    await ended(engine, handle.id);
    return (await handle.status()).status === 'COMPLETED'
      ? await handle.result()
      : [...(await tasksOf(engine, handle.id)).values()].find(({ error }) => error && error.code !== 'DEPENDENCY_FAILED')?.error?.code;
  };

  it.each([
    ['tasks asked for at once', { dynamicTasksPerCall: 5 }],
    ['tasks that agents add to one job', { dynamicTasksPerJob: 5 }],
    ['tasks of one job', { tasksPerJob: 6 }],
  ])('hold at the limit and refuse one more with DYNAMIC_LIMIT: %s', async (_, limits) => {
    expect(await failure(5, limits)).toBe(5);
    expect(await failure(6, limits)).toBe('DYNAMIC_LIMIT');
  });

  it('hold for the levels of tasks: an agent that asks for itself for ever comes to an end', async () => {
    expect(await failure(4, { depth: 4 }, 'nests')).toBe(4);
    expect(await failure(5, { depth: 4 }, 'nests')).toBe('DYNAMIC_LIMIT');
  });
});

describe('cancelling the job of an agent that waits for its answer', () => {
  it('ends both', async () => {
    const source = agent('source', forever);
    const asks = agent('asks', (_, ctx) => ctx.need('source', 1));
    const engine = await lab.start([source, asks], { grace: 0 });
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'asker', agent: 'asks' }] });
    await eventOf(engine, handle.id, 'TASK_STARTED', 'asker.source');
    await handle.cancel();
    await eventLoopTurns();
    expect(await statusesOf(engine, handle.id)).toEqual({ asker: 'CANCELLED JOB_CANCELLED', 'asker.source': 'CANCELLED JOB_CANCELLED' });
  });
});
