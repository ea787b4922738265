import { describe, expect, it } from '@jest/globals';

import { z } from 'zod';

import {
  defineAgent,
  definePlugin,
  defineWorkflow,
  FatalError,
  isTaskloomError,
  RetryableError,
  RetryAfterError,
  silentLogger,
  task,
  TaskloomError,
  type AgentDefinition,
  type Engine,
  type EnginePlugin,
  type RetryClassifier,
  type RetryOptions,
  type RetryRule,
  type StoredError,
} from '../../src/index.js';
import { NO_RETRY } from '../../src/model/retry-policy.js';
import { agent, echo } from '../helpers/agents.js';
import { ended, eventOf, eventsOf, refusal, statusesOf, taskOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import { VirtualClock } from '../helpers/virtual-clock.js';

const lab = useLab();
const HOUR = 3_600_000;

interface Run {
  readonly clock: VirtualClock;
  readonly engine: Engine;
  readonly jobId: string;
  /** Times of the agent's starts since the first one. */
  readonly gaps: () => number[];
}

let runs = 0;

/** Runs one task of an agent that throws what `failure` gives for each call, until that gives nothing. */
async function run(retry: RetryOptions | number, failure: (call: number) => unknown, advanceMs = HOUR): Promise<Run> {
  const clock = new VirtualClock();
  const starts: number[] = [];
  const flaky = agent(
    'flaky',
    () => {
      starts.push(clock.now());
      const error = failure(starts.length);
      if (error !== undefined) throw error as Error;
      return starts.length;
    },
    { retry },
  );
  const engine = await lab.start([flaky], { clock, file: `run-${(runs += 1)}.db` });
  const { id: jobId } = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'flaky', type: 'OBJECTIVE' }] });
  await clock.advance(advanceMs);
  return { clock, engine, jobId, gaps: () => starts.slice(1).map((at, index) => at - starts[index]!) };
}

const always = (): Error => new Error('again');
const times = (count: number) => (call: number) => (call <= count ? new Error(`failure ${call}`) : undefined);

describe('the waits between attempts', () => {
  it.each<[string, RetryOptions, number[]]>([
    ['none', { maxAttempts: 4, backoff: 'none' }, [0, 0, 0]],
    ['fixed', { maxAttempts: 4, backoff: 'fixed', delay: '2s' }, [2_000, 2_000, 2_000]],
    ['linear', { maxAttempts: 4, backoff: 'linear', delay: 300 }, [300, 600, 900]],
    ['exponential', { maxAttempts: 5, backoff: 'exponential', delay: 100 }, [100, 200, 400, 800]],
    ['exponential by a factor', { maxAttempts: 4, backoff: 'exponential', delay: 100, factor: 10 }, [100, 1_000, 10_000]],
    [
      'exponential up to the longest',
      { maxAttempts: 5, backoff: 'exponential', delay: '1s', maxDelay: '3s' },
      [1_000, 2_000, 3_000, 3_000],
    ],
    ['longer than the longest wait that nobody set', { maxAttempts: 2, backoff: 'fixed', delay: '10m' }, [600_000]],
    ['left out: exponential from 1 s', { maxAttempts: 4 }, [1_000, 2_000, 4_000]],
  ])('are exact: %s', async (_, retry, gaps) => {
    const { engine, jobId, gaps: measured } = await run(retry, always);
    expect(measured()).toEqual(gaps);
    expect((await engine.job(jobId).status()).status).toBe('FAILED');
    const scheduled = (await eventsOf(engine, jobId)).filter(({ type }) => type === 'TASK_RETRY_SCHEDULED');
    expect(scheduled.map(({ data }) => data['attempt'])).toEqual(gaps.map((__, index) => index + 1));
  });

  it('are shortened by chance, at most by the share that `jitter` names, and differ', async () => {
    const { gaps } = await run({ maxAttempts: 30, backoff: 'fixed', delay: 1_000, jitter: 0.4 }, always);
    expect(gaps()).toHaveLength(29);
    for (const gap of gaps()) {
      expect(gap).toBeGreaterThanOrEqual(600);
      expect(gap).toBeLessThanOrEqual(1_000);
    }
    expect(new Set(gaps()).size).toBeGreaterThan(5);
  });

  it('use no time of the engine: nothing happens before, and the task says until when it waits', async () => {
    const { clock, engine, jobId } = await run({ maxAttempts: 2, backoff: 'fixed', delay: 1_000 }, always, 999);
    const failedAt = (await eventOf(engine, jobId, 'TASK_RETRY_SCHEDULED')).at;
    expect(await taskOf(engine, jobId, 'a')).toMatchObject({
      status: 'READY',
      attempt: 1,
      maxAttempts: 2,
      availableAt: failedAt + 1_000,
      error: { code: 'AGENT_FAILED', message: 'again' },
    });
    await clock.advance(1);
    expect(await taskOf(engine, jobId, 'a')).toMatchObject({ status: 'FAILED', attempt: 2, availableAt: null });
  });

  it('are kept by many tasks at once, each its own', async () => {
    const clock = new VirtualClock();
    const began = clock.now();
    const passed: Record<string, number> = {};
    const flaky = agent(
      'flaky',
      (delay: number, ctx) => {
        if (ctx.attempt.number === 1) throw new RetryAfterError('later', delay);
        passed[ctx.task.key] = clock.now() - began;
      },
      { retry: { maxAttempts: 2, backoff: 'none' } },
    );
    const engine = await lab.start([flaky], { clock });
    const delays = Array.from({ length: 40 }, (_, n) => ((n * 7) % 40) * 10 + 5);
    for (const delay of delays)
      await engine.submitJob({
        name: 'job',
        tasks: [
          { key: `t${delay}`, agent: 'flaky', input: delay },
          { key: `u${delay}`, agent: 'flaky', input: delay + 1 },
        ],
      });
    await clock.advance(1_000);
    expect(passed).toEqual(
      Object.fromEntries(
        delays.flatMap((delay) => [
          [`t${delay}`, delay],
          [`u${delay}`, delay + 1],
        ]),
      ),
    );
  });
});

describe('the number of attempts', () => {
  it('is one where nothing is said', async () => {
    const { engine, jobId } = await run({}, always);
    expect(await taskOf(engine, jobId, 'a')).toMatchObject({ status: 'FAILED', attempt: 1 });
  });

  it('is exactly `maxAttempts`, the first included; the last error is kept', async () => {
    const { engine, jobId, gaps } = await run({ maxAttempts: 3, backoff: 'none' }, (call) => new Error(`failure ${call}`));
    expect(gaps()).toHaveLength(2);
    expect(await taskOf(engine, jobId, 'a')).toMatchObject({ status: 'FAILED', attempt: 3, error: { message: 'failure 3' } });
  });

  it('ends with the first success: three attempts, gaps of 50 and 100 ms, and the job succeeds (A8, D1, D15)', async () => {
    const { engine, jobId, gaps } = await run({ maxAttempts: 3, backoff: 'exponential', delay: 50, maxDelay: 200 }, times(2));
    expect(gaps()).toEqual([50, 100]);
    expect(await engine.job(jobId).result()).toBe(3);
    expect(await engine.job(jobId).status()).toMatchObject({ status: 'COMPLETED', success: true });
    const history = await engine.reader.taskHistory({ jobId, no: 0 });
    expect(history.map(({ type }) => type)).toEqual([
      'TASK_STARTED',
      'TASK_RETRY_SCHEDULED',
      'TASK_STARTED',
      'TASK_RETRY_SCHEDULED',
      'TASK_STARTED',
      'TASK_COMPLETED',
    ]);
  });

  it('may be set for one task, over what its agent says', async () => {
    const fails = agent('fails', throwAlways, { retry: 5 });
    const engine = await lab.start([fails]);
    const Wf = defineWorkflow({
      name: 'wf',
      input: z.object({}),
      plan: (flow) => void flow.add(task(fails, 1).retry({ maxAttempts: 2, backoff: 'none' })),
    });
    engine.register(Wf);
    const handle = await engine.startWorkflow(Wf, {});
    await ended(engine, handle.id);
    expect(await taskOf(engine, handle.id, 'fails')).toMatchObject({ attempt: 2, maxAttempts: 2 });
  });

  it('is counted by ctx.attempt, with the reason of each', async () => {
    const seen: unknown[] = [];
    const flaky = agent(
      'flaky',
      (_, ctx) => {
        seen.push(ctx.attempt);
        if (ctx.attempt.number < 3) throw new Error('again');
      },
      { retry: { maxAttempts: 3, backoff: 'none' } },
    );
    const engine = await lab.start([flaky]);
    await (await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'flaky' }] })).result();
    expect(seen).toEqual([
      { number: 1, reason: 'FIRST', feedback: null },
      { number: 2, reason: 'RETRY', feedback: null },
      { number: 3, reason: 'RETRY', feedback: null },
    ]);
  });

  it('leaves dependents waiting until the last one', async () => {
    const clock = new VirtualClock();
    const flaky = agent(
      'flaky',
      (_, ctx) => {
        if (ctx.attempt.number < 2) throw new Error('again');
      },
      { retry: { maxAttempts: 2, backoff: 'fixed', delay: 10 } },
    );
    const engine = await lab.start([flaky, echo], { clock });
    const { id } = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'a', agent: 'flaky' },
        { key: 'b', agent: 'echo', dependsOn: ['a'] },
      ],
    });
    await clock.advance(9);
    expect(await statusesOf(engine, id)).toEqual({ a: 'READY', b: 'PENDING' });
    await clock.advance(1);
    expect(await statusesOf(engine, id)).toEqual({ a: 'COMPLETED', b: 'COMPLETED' });
  });
});

function throwAlways(): never {
  throw new Error('always');
}

describe('what an agent throws decides', () => {
  it('FatalError: no further attempt (A8)', async () => {
    const { engine, jobId, gaps } = await run({ maxAttempts: 5, backoff: 'none' }, () => new FatalError('never works'));
    expect(gaps()).toEqual([]);
    expect(await taskOf(engine, jobId, 'a')).toMatchObject({ status: 'FAILED', attempt: 1, error: { message: 'never works' } });
  });

  it('RetryableError: another attempt, counted', async () => {
    const { gaps } = await run({ maxAttempts: 3, backoff: 'fixed', delay: 10 }, () => new RetryableError('maybe'));
    expect(gaps()).toEqual([10, 10]);
  });

  it('RetryAfterError: not before the time it names, and not before the policy says', async () => {
    const later = (call: number): unknown => (call < 3 ? new RetryAfterError('busy', call === 1 ? '30s' : 5) : undefined);
    const { gaps, engine, jobId } = await run({ maxAttempts: 3, backoff: 'fixed', delay: 1_000 }, later);
    expect(gaps()).toEqual([30_000, 1_000]);
    expect((await engine.job(jobId).status()).success).toBe(true);
  });

  it('RetryAfterError: at most 24 hours are kept', async () => {
    const { gaps } = await run(
      { maxAttempts: 2, backoff: 'none' },
      (call) => (call === 1 ? new RetryAfterError('busy', '365d') : undefined),
      25 * HOUR,
    );
    expect(gaps()).toEqual([24 * HOUR]);
  });

  it('RetryAfterError without attempts left: failed', async () => {
    const { engine, jobId } = await run(1, () => new RetryAfterError('busy', 10));
    expect((await taskOf(engine, jobId, 'a')).status).toBe('FAILED');
  });

  it('anything else: another attempt, as long as it could come out otherwise', async () => {
    expect((await run({ maxAttempts: 3, backoff: 'none' }, () => 'a text')).gaps()).toHaveLength(2);
    expect((await run({ maxAttempts: 3, backoff: 'none' }, () => null)).gaps()).toHaveLength(2);
    expect((await run({ maxAttempts: 3, backoff: 'none' }, () => new TaskloomError('INPUT_SCHEMA', 'the same every time'))).gaps()).toEqual(
      [],
    );
  });
});

describe('an output that does not fit', () => {
  it('counts as a failed attempt and is retried', async () => {
    let calls = 0;
    const odd = agent('odd', () => ((calls += 1) < 3 ? () => undefined : 'fine'), { retry: { maxAttempts: 3, backoff: 'none' } });
    const engine = await lab.start([odd]);
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'odd', type: 'OBJECTIVE' }] });
    expect(await handle.result()).toBe('fine');
  });
});

describe('a retry', () => {
  const flaky = (starts: number[], clock: VirtualClock): AgentDefinition =>
    agent(
      'flaky',
      (_, ctx) => {
        starts.push(clock.now());
        if (ctx.attempt.number < 3) throw new Error('again');
        return ctx.attempt;
      },
      { retry: { maxAttempts: 3, backoff: 'fixed', delay: '10m', maxDelay: '10m' } },
    );

  it('survives a restart in the middle of its wait: same time, same count', async () => {
    const clock = new VirtualClock();
    const starts: number[] = [];
    const began = clock.now();
    const first = await lab.start([flaky(starts, clock)], { clock });
    const { id } = await first.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'flaky', type: 'OBJECTIVE' }] });
    await clock.advance(4 * 60_000);
    const second = await lab.restart(first, [flaky(starts, clock)], { clock });
    await clock.advance(5 * 60_000);
    expect(starts).toHaveLength(1);
    await clock.advance(60_000);
    expect(starts.map((at) => at - began)).toEqual([0, 600_000]);
    await clock.advance(600_000);
    expect(await second.job(id).result()).toEqual({ number: 3, reason: 'RETRY', feedback: null });
  });

  it('that came due while no process ran starts at the next start', async () => {
    const clock = new VirtualClock();
    const starts: number[] = [];
    const first = await lab.start([flaky(starts, clock)], { clock });
    await first.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'flaky', type: 'OBJECTIVE' }] });
    await clock.advance(1);
    await first.stop();
    await clock.advance(HOUR);
    await lab.start([flaky(starts, clock)], { clock });
    await clock.advance(0);
    expect(starts).toHaveLength(2);
  });

  it('that comes due while all places are taken waits for one, and can be cancelled there', async () => {
    const clock = new VirtualClock();
    const engine = await lab.start(
      [
        agent('flaky', throwAlways, { retry: { maxAttempts: 2, backoff: 'fixed', delay: 100 } }),
        agent('blocks', () => new Promise(() => undefined)),
      ],
      { clock, maxParallel: 1, timeout: 0, grace: 0 },
    );
    const { id } = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'a', agent: 'flaky', priority: 10 },
        { key: 'b', agent: 'blocks' },
      ],
    });
    await clock.advance(200);
    expect(await statusesOf(engine, id)).toEqual({ a: 'READY', b: 'IN_PROGRESS' });
    await engine.cancelJob(id);
    expect(await statusesOf(engine, id)).toEqual({ a: 'CANCELLED JOB_CANCELLED', b: 'CANCELLED JOB_CANCELLED' });
    await clock.advance(HOUR);
    // The audit at the end compares the rows with the log.
  });

  it('is not lost when the clock is set back after it came due', async () => {
    const clock = new VirtualClock();
    const starts: number[] = [];
    const engine = await lab.start([flaky(starts, clock)], {
      clock: {
        now: () => clock.now() - (clock.monotonic() > 60_000 ? 50_000 : 0),
        monotonic: () => clock.monotonic(),
        schedule: (ms, act) => clock.schedule(ms, act),
      },
    });
    await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'flaky', type: 'OBJECTIVE' }] });
    await clock.advance(650_001);
    expect(starts).toHaveLength(2);
    await clock.advance(600_000);
    expect(starts).toHaveLength(3);
  });
});

describe('a classifier of an agent', () => {
  class Passing extends Error {}
  const passing = (call: number): Error => (call <= 2 ? new Passing(`failure ${call}`) : new Error('gone'));

  /** Starts of an agent with that classifier, and what the log says of it. */
  async function startsWith(
    retryOn: RetryClassifier,
    thrown: (call: number) => unknown,
    plugins: readonly EnginePlugin[] = [],
    settings: Parameters<typeof agent>[2] = {},
  ): Promise<{ starts: number; errors: readonly (object | undefined)[]; error: StoredError | null }> {
    const clock = new VirtualClock();
    const errors: (object | undefined)[] = [];
    let starts = 0;
    const flaky = agent(
      'flaky',
      (_: never, ctx) => {
        starts += 1;
        const error = thrown(starts);
        if (error === 'hang') return new Promise((__, reject) => ctx.signal.addEventListener('abort', () => reject(new Error('stopped'))));
        throw error as Error;
      },
      { retry: { maxAttempts: 5, backoff: 'none', retryOn }, ...settings },
    );
    const logger = { ...silentLogger, error: (_: string, data?: object) => void errors.push(data) };
    const engine = await lab.start([flaky], { clock, logger, plugins });
    const { id } = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'flaky' }] });
    await clock.advance(HOUR);
    return { starts, errors, error: (await taskOf(engine, id, 'a')).error };
  }
  const rule = (retry: RetryRule): EnginePlugin => definePlugin({ name: 'rules', contributes: { policies: { retry } } });

  it('is given the error as it was thrown, and decides which failure is the last', async () => {
    const { starts, error } = await startsWith((thrown) => thrown instanceof Passing, passing);
    expect(starts).toBe(3);
    expect(error?.message).toBe('gone');
  });

  it('is asked no more than there are attempts', async () => {
    expect((await startsWith(() => true, always)).starts).toBe(5);
  });

  it('is asked about timeouts', async () => {
    const isTimeout: RetryClassifier = (error) => isTaskloomError(error) && error.code === 'TASK_TIMEOUT';
    const thrown = (call: number): unknown => (call <= 2 ? 'hang' : new Error('other'));
    expect((await startsWith(isTimeout, thrown, [], { timeout: '1m' })).starts).toBe(3);
    await lab.fresh();
    expect((await startsWith((error) => !isTimeout(error), thrown, [], { timeout: '1m' })).starts).toBe(1);
  });

  it('is not asked where the error says it itself, or the same would come again', async () => {
    expect(
      (
        await startsWith(
          () => true,
          () => new FatalError('no'),
        )
      ).starts,
    ).toBe(1);
    await lab.fresh();
    expect(
      (
        await startsWith(
          () => false,
          (call) => (call === 1 ? new RetryableError('yes') : new Error('no')),
        )
      ).starts,
    ).toBe(2);
    await lab.fresh();
    expect(
      (
        await startsWith(
          () => false,
          (call) => (call === 1 ? new RetryAfterError('yes', '1s') : new Error('no')),
        )
      ).starts,
    ).toBe(2);
    await lab.fresh();
    expect(
      (
        await startsWith(
          () => true,
          () => new TaskloomError('STEP_NAME_REUSED', 'twice'),
        )
      ).starts,
    ).toBe(1);
  });

  it('is heard before rules of plugins, which have the last word', async () => {
    const asked: boolean[] = [];
    const note = (answer: boolean | undefined): EnginePlugin => rule(({ retryable }) => (asked.push(retryable), answer));
    expect((await startsWith(() => false, always, [note(undefined)])).starts).toBe(1);
    await lab.fresh();
    expect((await startsWith(() => false, always, [note(true)])).starts).toBe(5);
    await lab.fresh();
    expect((await startsWith(() => true, always, [note(false)])).starts).toBe(1);
    expect(asked).toEqual([false, ...Array.from({ length: 5 }, () => false), true]);
  });

  it.each<[string, RetryClassifier]>([
    [
      'throws',
      () => {
        throw new Error('no idea');
      },
    ],
    ['returns nothing', () => undefined as never],
    ['returns a promise', (async () => false) as never],
    ['returns a promise that rejects', (async () => Promise.reject(new Error('later'))) as never],
  ])('that %s counts as if there were none, and is named in the log', async (_, retryOn) => {
    const { starts, errors } = await startsWith(retryOn, passing);
    expect(starts).toBe(5);
    expect(errors[0]).toMatchObject({ agent: 'flaky', error: expect.any(String) });
  });

  it('also judges tasks whose policy is their own, and members of a batch', async () => {
    const clock = new VirtualClock();
    const calls: number[] = [];
    const batched = defineAgent({
      name: 'batched',
      input: z.unknown(),
      output: z.unknown(),
      retry: { retryOn: (error) => error instanceof Passing },
      batch: { maxSize: 10, maxWait: '1s' },
      executeBatch: async (inputs) => {
        calls.push(inputs.length);
        return inputs.map((input) => ({ status: 'rejected', reason: input === 'passing' ? new Passing('again') : new Error('no') }));
      },
    });
    const engine = await lab.start([batched], { clock });
    const overrides = { retry: { ...NO_RETRY, maxAttempts: 2 } };
    await engine.submitJob({
      name: 'job',
      options: { failureStrategy: 'skip' },
      tasks: ['passing', 'lasting'].map((input) => ({ key: input, agent: 'batched', input, overrides })),
    });
    await clock.advance(HOUR);
    expect(calls).toEqual([2, 1]);
  });
});

describe('a retry policy out of range', () => {
  it.each<[string, RetryOptions | number]>([
    ['no attempt', { maxAttempts: 0 }],
    ['-1 attempts', -1],
    ['1.5 attempts', 1.5],
    ['10^9 attempts', 1e9],
    ['a negative delay', { delay: -1 }],
    ['a delay in words', { delay: '5 minutes' as never }],
    ['no number', { delay: Number.NaN }],
    ['for ever', { maxDelay: Number.POSITIVE_INFINITY }],
    ['a factor of 0', { factor: 0 }],
    ['jitter of 2', { jitter: 2 }],
    ['an unknown backoff', { backoff: 'fibonacci' as never }],
    ['an unknown option', { attempts: 3 } as never],
    ['a classifier that is none', { retryOn: 'always' } as never],
  ])('is refused when the agent is defined: %s', async (_, retry) => {
    const error = await refusal((async () => agent('x', () => null, { retry }))());
    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.message).toContain('agent "x"');
  });
});
