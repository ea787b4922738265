import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { defineAgent, defineWorkflow, task, type JsonObject, type TaskContext } from '../../src/index.js';
import { agent, echo } from '../helpers/agents.js';
import { forever, Gate } from '../helpers/gate.js';
import { eventsOf, refusal, taskOf, tasksOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import { eventLoopTurns, VirtualClock } from '../helpers/virtual-clock.js';

const lab = useLab();

/** Runs one agent as the objective of a job and gives what it looks at. */
async function look<T>(see: (ctx: TaskContext) => T | Promise<T>): Promise<T> {
  let seen: T | undefined;
  const engine = await lab.start([agent('looks', async (_, ctx) => void (seen = await see(ctx)))]);
  await (
    await engine.submitJob({
      name: 'job',
      input: { of: 'the job' },
      tasks: [
        {
          key: 'a',
          agent: 'looks',
          type: 'OBJECTIVE',
          name: 'A name',
          description: 'A text',
          acceptanceCriteria: 'done',
          metadata: { m: 1 },
        },
      ],
    })
  ).result();
  return seen!;
}

describe('ctx.job and ctx.task', () => {
  it('tell what runs, with the input of the job', async () => {
    const seen = await look(({ job, task: { id, ...rest } }) => ({ job, id, rest }));
    expect(seen.job).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: 'job',
      workflow: null,
      tenant: 'default',
      input: { of: 'the job' },
      metadata: null,
      carried: null,
    });
    expect(seen.id).toBe(`${seen.job.id}:0`);
    expect(seen.rest).toEqual({
      key: 'a',
      name: 'A name',
      type: 'OBJECTIVE',
      description: 'A text',
      acceptanceCriteria: 'done',
      assignee: null,
      metadata: { m: 1 },
    });
  });

  it('name the workflow, and give its raw input', async () => {
    let seen: TaskContext['job'] | undefined;
    const Looks = agent('looks', (_, ctx) => void (seen = ctx.job));
    const Wf = defineWorkflow({ name: 'wf', input: z.object({ n: z.number().default(3) }), plan: (flow) => void flow.add(Looks, 1) });
    const engine = await lab.start([Looks, Wf]);
    await (await engine.startWorkflow(Wf, {})).result();
    expect(seen).toMatchObject({ name: 'wf', workflow: 'wf', input: {} });
  });
});

describe('ctx.idempotencyKey', () => {
  it('is the same for every attempt and run of a task, another for another task', async () => {
    const keys: string[] = [];
    const flaky = agent(
      'flaky',
      async (_, ctx) => {
        keys.push(ctx.idempotencyKey);
        await ctx.need(echo, ctx.task.key);
        if (ctx.attempt.number < 3) throw new Error('again');
      },
      { retry: { maxAttempts: 3, backoff: 'none' } },
    );
    const engine = await lab.start([flaky, echo]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'a', agent: 'flaky' },
        { key: 'b', agent: 'flaky', dependsOn: ['a'] },
      ],
    });
    await handle.result();
    expect(keys).toHaveLength(8);
    expect(new Set(keys.slice(0, 4)).size).toBe(1);
    expect(new Set(keys).size).toBe(2);
    for (const key of keys) expect(key).toContain(handle.id);
  });

  it('is the same after a restart', async () => {
    const keys: string[] = [];
    const stuck = agent('stuck', (_, ctx) => (keys.push(ctx.idempotencyKey), keys.length === 1 ? forever() : 'done'));
    const first = await lab.start([stuck], { grace: 0 });
    const { id } = await first.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'stuck' }] });
    await eventLoopTurns();
    const second = await lab.restart(first, [stuck]);
    await second.job(id).result();
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
  });
});

describe('ctx.dependencies', () => {
  it('holds the outputs by key in declared order, parsed once (D16)', async () => {
    let seen: Pick<TaskContext, 'dependencies' | 'missing'> | undefined;
    let same = false;
    const reads = agent('reads', (_, ctx) => {
      same = ctx.dependencies === ctx.dependencies;
      seen = { dependencies: ctx.dependencies, missing: ctx.missing };
    });
    const engine = await lab.start([reads, echo]);
    await (
      await engine.submitJob({
        name: 'job',
        tasks: [
          { key: 'z', agent: 'echo', input: [1] },
          { key: 'b', agent: 'echo', input: null },
          { key: 'a', agent: 'echo', input: { deep: true } },
          { key: 'reads', agent: 'reads', dependsOn: ['z', 'a', 'b'] },
        ],
      })
    ).result();
    expect(seen).toEqual({ dependencies: { z: [1], a: { deep: true }, b: null }, missing: [] });
    expect(Object.keys(seen!.dependencies)).toEqual(['z', 'a', 'b']);
    expect(same).toBe(true);
  });

  it('of a story is nothing: a story without an agent has no output, and is not missing', async () => {
    let seen: unknown;
    const reads = agent('reads', (_, ctx) => void (seen = { dependencies: ctx.dependencies, missing: ctx.missing }));
    const engine = await lab.start([reads, echo]);
    await (
      await engine.submitJob({
        name: 'job',
        tasks: [
          { key: 's', type: 'STORY' },
          { key: 'in', agent: 'echo', parent: 's' },
          { key: 'reads', agent: 'reads', dependsOn: ['s'] },
        ],
      })
    ).result();
    expect(seen).toEqual({ dependencies: {}, missing: [] });
  });
});

describe('a summary', () => {
  it('is what ctx.summarize said last, cut to 600 characters', async () => {
    const sums = agent('sums', (text: string, ctx) => {
      ctx.summarize('first');
      ctx.summarize(text);
    });
    const engine = await lab.start([sums]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'short', agent: 'sums', input: '  second  ' },
        { key: 'long', agent: 'sums', input: '🐙'.repeat(1_000) },
      ],
    });
    await handle.result();
    expect((await taskOf(engine, handle.id, 'short')).summary).toBe('second');
    const long = (await taskOf(engine, handle.id, 'long')).summary!;
    expect(long.length).toBeLessThanOrEqual(600);
    expect(long.isWellFormed()).toBe(true);
    expect(long.endsWith('…')).toBe(true);
  });

  it('is written by the engine where the agent says nothing: short and the same every time', async () => {
    const engine = await lab.start([echo]);
    const input = { title: 'x'.repeat(500), list: [1, 2, 3], n: 4, nested: { a: 1 } };
    const handles = await Promise.all(
      [1, 2].map(() => engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'echo', input, name: 'Gather' }] })),
    );
    const summaries = await Promise.all(
      handles.map(async (handle) => (await handle.result(), (await taskOf(engine, handle.id, 'a')).summary)),
    );
    expect(summaries[0]).toBe(summaries[1]);
    expect(summaries[0]).toMatch(/^Gather completed\./);
    expect(summaries[0]!.length).toBeLessThanOrEqual(600);
    for (const part of ['list (3 items)', 'n 4', 'nested (1 field)']) expect(summaries[0]).toContain(part);
  });

  it('of the objective tells what became of its stories', async () => {
    const engine = await lab.start([echo]);
    const handle = await engine.submitJob({
      name: 'Big goal',
      tasks: [
        { key: 's', type: 'STORY', name: 'Gather' },
        { key: 'a', agent: 'echo', parent: 's', name: 'List' },
      ],
    });
    await handle.result();
    const tasks = await tasksOf(engine, handle.id);
    expect(tasks.get('objective')?.summary).toBe('Big goal completed. Gather completed.');
    expect(tasks.get('s')?.summary).toBe('Gather completed. List completed.');
  });

  it('comes from the summarizer where there is one; when that throws, gives no text or takes over 30 s, from the engine', async () => {
    const clock = new VirtualClock();
    const answers: Record<string, () => unknown> = {
      good: () => 'By a model.',
      throws: () => {
        throw new Error('no model');
      },
      rejects: () => Promise.reject(new Error('no model')),
      odd: () => 42,
      hangs: forever,
      long: () => 'y'.repeat(10_000),
      own: () => 'not asked',
    };
    const asked: string[] = [];
    const warnings: string[] = [];
    const ignore = (): void => undefined;
    const own = agent('own', (_, ctx) => ctx.summarize('Its own.'));
    const engine = await lab.start([echo, own], {
      clock,
      logger: { debug: ignore, info: ignore, warn: (message) => void warnings.push(message), error: ignore },
      summarizer: { summarize: ({ taskName }) => (asked.push(taskName), (answers[taskName] ?? (() => 'else'))() as string) },
    });
    const handle = await engine.submitJob({
      name: 'job',
      tasks: Object.keys(answers).map((key) => ({ key, agent: key === 'own' ? 'own' : 'echo', input: 'out' })),
    });
    await clock.advance(29_999);
    expect((await handle.status()).status).toBe('RUNNING');
    await clock.advance(1);
    await handle.result();
    const tasks = await tasksOf(engine, handle.id);
    const summary = (key: string): string => tasks.get(key)?.summary ?? '';
    expect(summary('good')).toBe('By a model.');
    expect(summary('own')).toBe('Its own.');
    expect(asked).not.toContain('own');
    for (const key of ['throws', 'rejects', 'odd', 'hangs']) expect(summary(key)).toBe(`${key} completed. Its output is "out".`);
    expect(summary('long')).toHaveLength(600);
    expect(warnings.length).toBeGreaterThanOrEqual(2);
  });
});

describe('ctx.progress', () => {
  it('shows in the task while it runs; a completed task has 100', async () => {
    const clock = new VirtualClock();
    const gate = new Gate();
    const works = agent('works', async (_, ctx) => {
      ctx.progress(40, 'reading');
      await gate.pass();
    });
    const engine = await lab.start([works], { clock });
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'works' }] });
    await clock.advance(1_000);
    expect(await taskOf(engine, handle.id, 'a')).toMatchObject({ progress: 40, progressMessage: 'reading', status: 'IN_PROGRESS' });
    gate.open();
    await handle.result();
    expect(await taskOf(engine, handle.id, 'a')).toMatchObject({ progress: 100, progressMessage: null });
  });

  it('is coalesced: 10,000 calls in a second are at most five events, the last value among them', async () => {
    const clock = new VirtualClock();
    const gate = new Gate();
    const works = agent(
      'works',
      async (_, ctx) => {
        for (let call = 0; call < 10_000; call += 1) {
          ctx.progress(call / 100);
          if (call % 100 === 99) await new Promise<void>((resolve) => clock.schedule(10, resolve));
        }
        await gate.pass();
      },
      { timeout: 0 },
    );
    const engine = await lab.start([works], { clock });
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'works' }] });
    await clock.advance(2_000);
    const progress = (await eventsOf(engine, handle.id)).filter(({ type }) => type === 'TASK_PROGRESSED');
    expect(progress.length).toBeGreaterThan(1);
    expect(progress.length).toBeLessThanOrEqual(5);
    expect(progress.at(-1)!.data['percent']).toBe(100);
    gate.open();
    await handle.result();
  });

  it('takes any number: kept between 0 and 100, nothing broken', async () => {
    const clock = new VirtualClock();
    const gate = new Gate();
    const works = agent('works', async (_, ctx) => {
      for (const percent of [-5, 250, Number.NaN, Number.POSITIVE_INFINITY, 33.4]) {
        ctx.progress(percent, 'm'.repeat(1_000));
        await new Promise<void>((resolve) => clock.schedule(300, resolve));
      }
      await gate.pass();
    });
    const engine = await lab.start([works], { clock });
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'works' }] });
    await clock.advance(2_000);
    const percents = (await eventsOf(engine, handle.id)).flatMap(({ type, data }) => (type === 'TASK_PROGRESSED' ? [data['percent']] : []));
    expect(percents).toEqual([0, 100, 0, 0, 33]);
    expect((await taskOf(engine, handle.id, 'a')).progressMessage!.length).toBeLessThanOrEqual(200);
    gate.open();
    await handle.result();
  });

  it('of a retried attempt begins again', async () => {
    const gate = new Gate();
    const works = agent(
      'works',
      async (_, ctx) => {
        if (ctx.attempt.number === 1) {
          ctx.progress(80);
          throw new Error('again');
        }
        await gate.pass();
      },
      { retry: { maxAttempts: 2, backoff: 'none' } },
    );
    const engine = await lab.start([works]);
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'works' }] });
    await gate.reached();
    expect((await taskOf(engine, handle.id, 'a')).progress).toBe(0);
    gate.open();
    await handle.result();
  });
});

describe('ctx.logger', () => {
  it('adds the job, the task and the attempt to each line', async () => {
    const lines: [string, string, JsonObject | undefined][] = [];
    const note = (level: string) => (message: string, data?: JsonObject) => void lines.push([level, message, data]);
    const logs = agent('logs', (_, { logger }) => {
      logger.debug('d');
      logger.info('i', { n: 1 });
      logger.warn('w');
      logger.error('e', { task: 'forged' });
    });
    const engine = await lab.start([logs], {
      logger: { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') },
    });
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'logs' }] });
    await handle.result();
    const about = { jobId: handle.id, task: 'a', attempt: 1 };
    expect(lines.filter(([, message]) => message.length === 1)).toEqual([
      ['debug', 'd', about],
      ['info', 'i', { ...about, n: 1 }],
      ['warn', 'w', about],
      ['error', 'e', about],
    ]);
  });
});

describe('a context whose attempt has ended', () => {
  it.each<[string, (ctx: TaskContext) => void | Promise<void>]>([
    ['returned', () => undefined],
    [
      'failed',
      () => {
        throw new Error('x');
      },
    ],
    ['skipped itself', (ctx) => ctx.skip('x')],
  ])('because it %s rejects every call with ATTEMPT_ENDED, and changes nothing', async (_, end) => {
    let kept: TaskContext | undefined;
    const works = agent('works', (__, ctx) => {
      kept = ctx;
      return end(ctx);
    });
    const engine = await lab.start([works]);
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'works' }], options: { failureStrategy: 'skip' } });
    await handle.result();
    const before = (await handle.status()).lastSeq;
    for (const call of [() => kept!.step('late', () => 1), () => kept!.need('works', 1), () => kept!.distilled()])
      expect((await refusal(call())).code).toBe('ATTEMPT_ENDED');
    kept!.progress(50);
    kept!.heartbeat();
    await eventLoopTurns();
    expect((await handle.status()).lastSeq).toBe(before);
  });

  it('because the engine stopped rejects every call with ATTEMPT_ENDED', async () => {
    let kept: TaskContext | undefined;
    const works = agent('works', (_, ctx) => ((kept = ctx), forever()));
    const engine = await lab.start([works]);
    await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'works' }] });
    await eventLoopTurns();
    await lab.stop(engine);
    expect(kept?.signal.reason).toMatchObject({ code: 'ENGINE_STOPPED' });
    for (const call of [() => kept!.step('late', () => 1), () => kept!.need('works', 1), () => kept!.distilled()])
      expect((await refusal(call())).code).toBe('ATTEMPT_ENDED');
  });

  it('while a step of it runs throws the result of the step away', async () => {
    const gate = new Gate();
    let refused: unknown;
    const works = agent('works', async (_, ctx) => {
      refused = await refusal(ctx.step('slow', () => gate.pass()));
    });
    const engine = await lab.start([works], { grace: 0 });
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'works' }] });
    await gate.reached();
    await handle.cancel();
    gate.open();
    await eventLoopTurns();
    expect(refused).toMatchObject({ code: 'ATTEMPT_ENDED' });
    expect((await eventsOf(engine, handle.id)).filter(({ type }) => type === 'TASK_STEP_RECORDED')).toEqual([]);
  });
});

describe('the input of an agent', () => {
  it('is its own: changing it changes nothing for the next attempt or another task', async () => {
    const seen: unknown[] = [];
    const Changes = defineAgent({
      name: 'changes',
      input: z.unknown(),
      output: z.unknown(),
      retry: { maxAttempts: 2, backoff: 'none' },
      execute: (input, ctx) => {
        const list = (input as { list: number[] }).list;
        seen.push([...list]);
        try {
          list.push(99);
        } catch {
          // It may be frozen.
        }
        if (ctx.attempt.number === 1) throw new Error('again');
        return list;
      },
    });
    const Wf = defineWorkflow({
      name: 'wf',
      input: z.object({}),
      plan: (flow) => {
        const source = flow.add(echo, [1]);
        flow.add(task(Changes, { list: source.out }));
        flow.add(task(Changes, { list: source.out }));
        flow.add(task(Changes, { list: [1] }));
      },
    });
    const engine = await lab.start([Changes, echo, Wf]);
    await (await engine.startWorkflow(Wf, {})).result();
    expect(seen).toEqual(Array.from({ length: 6 }, () => [1]));
  });

  it('is what was submitted, whatever the caller does to it afterwards', async () => {
    const seen: unknown[] = [];
    const engine = await lab.start([agent('sees', (input: unknown) => void seen.push(structuredClone(input)))]);
    const early = { list: [1] };
    const submitting = engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'sees', input: early }] });
    const handle = await submitting;
    early.list.push(2);
    await handle.result();
    const late = { list: [1] };
    const submission = {
      name: 'job',
      tasks: [
        { key: 'first', agent: 'sees', input: 'first' },
        { key: 'a', agent: 'sees', input: late, dependsOn: ['first'] },
      ],
      options: { maxParallel: 1 },
    };
    const second = await engine.submitJob(submission);
    late.list.push(2);
    (submission.tasks[1] as { agent: string }).agent = 'nobody';
    await second.result();
    expect(seen).toEqual([{ list: [1] }, 'first', { list: [1] }]);
  });

  it('of the job is its own, too', async () => {
    const seen: unknown[] = [];
    const changes = agent('changes', (_, ctx) => {
      const input = ctx.job.input as unknown as { list: number[] };
      seen.push([...input.list]);
      try {
        input.list.push(99);
      } catch {
        // It may be frozen.
      }
    });
    const engine = await lab.start([changes]);
    await (
      await engine.submitJob({
        name: 'job',
        input: { list: [1] },
        tasks: [
          { key: 'a', agent: 'changes' },
          { key: 'b', agent: 'changes', dependsOn: ['a'] },
        ],
      })
    ).result();
    expect(seen).toEqual([[1], [1]]);
  });

  it('over 16 MiB once its refs are resolved fails the task with INPUT_TOO_LARGE', async () => {
    const engine = await lab.start([echo], { limits: { resolvedInputBytes: 100 } });
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'a', agent: 'echo', input: 'x'.repeat(48) },
        { key: 'b', agent: 'echo', input: 'x'.repeat(49) },
        {
          key: 'fits',
          agent: 'echo',
          input: [null, null],
          refs: [
            { at: '/0', task: 'a' },
            { at: '/1', task: 'a' },
          ],
        },
        {
          key: 'large',
          agent: 'echo',
          input: [null, null],
          refs: [
            { at: '/0', task: 'a' },
            { at: '/1', task: 'b' },
          ],
        },
      ],
      options: { failureStrategy: 'skip' },
    });
    await handle.result();
    expect((await taskOf(engine, handle.id, 'fits')).status).toBe('COMPLETED');
    expect(await taskOf(engine, handle.id, 'large')).toMatchObject({
      status: 'FAILED',
      error: { code: 'INPUT_TOO_LARGE', details: { limit: 100 } },
    });
  });
});
