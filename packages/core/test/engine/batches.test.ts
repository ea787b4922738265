import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import {
  defineAgent,
  definePlugin,
  FatalError,
  type AgentDefinition,
  type AgentOptions,
  type BatchContext,
  type BatchOptions,
  type Schema,
  type TaskSubmission,
} from '../../src/index.js';
import { NO_RETRY } from '../../src/model/retry-policy.js';
import { aborted, Gate } from '../helpers/gate.js';
import { ended, outputOf, statusesOf, taskOf, tasksOf, until } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import { eventLoopTurns, VirtualClock } from '../helpers/virtual-clock.js';

const lab = useLab();

interface Call {
  readonly inputs: readonly number[];
  readonly ctx: BatchContext;
}

/** An agent that works on numbers in batches of ten and notes its calls. */
function numbers(
  execute: (call: Call) => unknown,
  { batch = {}, ...settings }: Partial<Omit<AgentOptions<Schema, Schema>, 'publishes'>> & { batch?: Partial<BatchOptions> } = {},
): { readonly agent: AgentDefinition; readonly calls: Call[] } {
  const calls: Call[] = [];
  const agent = defineAgent({
    name: 'numbers',
    input: z.number(),
    output: z.unknown(),
    ...settings,
    batch: { maxSize: 10, maxWait: '20ms', ...batch },
    executeBatch: (inputs, ctx) => {
      const call = { inputs: inputs as readonly number[], ctx };
      calls.push(call);
      return execute(call) as Promise<PromiseSettledResult<unknown>[]>;
    },
  });
  return { agent, calls };
}

const doubled = ({ inputs }: Call): Promise<PromiseSettledResult<number>[]> =>
  Promise.allSettled(
    inputs.map(async (input) => {
      if (input === 13) throw new Error('unlucky');
      return input * 2;
    }),
  );

/** A job of tasks `t0`, `t1` … with those numbers, whose failures do not end it. */
const jobOf = (count: number, more: (no: number) => Partial<TaskSubmission> = () => ({})) => ({
  name: 'job',
  tasks: Array.from({ length: count }, (_, no): TaskSubmission => ({
    key: `t${no}`,
    agent: 'numbers',
    input: no,
    failureStrategy: 'continue',
    ...more(no),
  })),
});
const sizes = (calls: readonly Call[]): number[] => calls.map(({ inputs }) => inputs.length);

describe('a batch', () => {
  it('of at most 10 is called three times for 25 tasks, and one bad item fails alone (B6)', async () => {
    const clock = new VirtualClock();
    const { agent, calls } = numbers(doubled);
    const engine = await lab.start([agent], { clock, maxParallel: 30 });
    const handle = await engine.submitJob(jobOf(25));
    await clock.runUntil(handle.result());

    expect(sizes(calls)).toEqual([10, 10, 5]);
    expect(clock.monotonic()).toBe(20);
    const tasks = await tasksOf(engine, handle.id);
    const failed = [...tasks.values()].filter(({ status }) => status === 'FAILED');
    expect(failed).toMatchObject([{ key: 't13', error: { code: 'AGENT_FAILED', message: 'unlucky' } }]);
    for (const no of [0, 9, 10, 24]) expect(await outputOf(engine, handle.id, `t${no}`)).toBe(no * 2);
    expect([...tasks.values()].filter(({ status }) => status === 'COMPLETED')).toHaveLength(25);
  });

  it('is called at once when it is full', async () => {
    const clock = new VirtualClock();
    const { agent, calls } = numbers(doubled, { batch: { maxSize: 3, maxWait: '1h' } });
    const engine = await lab.start([agent], { clock });
    const handle = await engine.submitJob(jobOf(3));
    await clock.advanceUntil(handle.result());

    expect(sizes(calls)).toEqual([3]);
    expect(clock.monotonic()).toBe(0);
  });

  it('collects tasks of several jobs, and tells of each what it is', async () => {
    const clock = new VirtualClock();
    const { agent, calls } = numbers(doubled);
    const engine = await lab.start([agent], { clock });
    const first = await engine.submitJob(jobOf(1));
    await clock.advance(19);
    const second = await engine.submitJob(jobOf(1));
    await clock.runUntil(Promise.all([first.result(), second.result()]));

    expect(sizes(calls)).toEqual([2]);
    const { id } = await taskOf(engine, second.id, 't0');
    expect(calls[0]!.ctx.items[1]).toMatchObject({
      jobId: second.id,
      taskId: id,
      taskKey: 't0',
      attempt: 1,
      fence: 1,
      idempotencyKey: `${id}:1`,
    });
  });

  it('holds no more than may run at the same time', async () => {
    const clock = new VirtualClock();
    const { agent, calls } = numbers(doubled);
    const engine = await lab.start([agent], { clock, maxParallel: 4 });
    const handle = await engine.submitJob(jobOf(10));
    await clock.runUntil(handle.result());

    expect(sizes(calls)).toEqual([4, 4, 2]);
  });

  it('checks each output by itself', async () => {
    const clock = new VirtualClock();
    const { agent, calls } = numbers(({ inputs }) => Promise.allSettled(inputs.map(async (input) => (input === 1 ? 'one' : input))), {
      output: z.number(),
    });
    const engine = await lab.start([agent], { clock });
    const { id } = await engine.submitJob(jobOf(3));
    await clock.runUntil(ended(engine, id));

    expect(calls[0]!.inputs).toEqual([0, 1, 2]);
    expect((await taskOf(engine, id, 't1')).error).toMatchObject({ code: 'OUTPUT_SCHEMA' });
    expect(await statusesOf(engine, id)).toMatchObject({ t0: 'COMPLETED', t2: 'COMPLETED' });
  });
});

describe('a batch that fails', () => {
  it.each<[string, () => unknown, string]>([
    ['throws', () => Promise.reject(new Error('down')), 'AGENT_FAILED'],
    [
      'throws before its first await',
      () => {
        throw new Error('down');
      },
      'AGENT_FAILED',
    ],
    ['gives a list of another length', () => Promise.resolve([{ status: 'fulfilled', value: 1 }]), 'BATCH_RESULT_INVALID'],
    ['gives no list', () => Promise.resolve({ length: 2 }), 'BATCH_RESULT_INVALID'],
    ['gives nothing', () => undefined, 'BATCH_RESULT_INVALID'],
    [
      'gives a list that throws when it is read',
      () => [
        { status: 'fulfilled', value: 1 },
        {
          get status(): string {
            throw new Error('do not look');
          },
        },
      ],
      'AGENT_FAILED',
    ],
  ])('because it %s fails all its tasks', async (_, execute, code) => {
    const clock = new VirtualClock();
    const { agent } = numbers(execute);
    const engine = await lab.start([agent], { clock });
    const { id } = await engine.submitJob(jobOf(2));
    await clock.runUntil(ended(engine, id));

    for (const key of ['t0', 't1']) expect(await taskOf(engine, id, key)).toMatchObject({ status: 'FAILED', error: { code } });
  });

  it('in one result that is none fails that task alone', async () => {
    const clock = new VirtualClock();
    const { agent } = numbers(({ inputs }) =>
      Promise.resolve(inputs.map((value, index) => (index === 0 ? value : { status: 'fulfilled', value }))),
    );
    const engine = await lab.start([agent], { clock });
    const { id } = await engine.submitJob(jobOf(2));
    await clock.runUntil(ended(engine, id));

    expect(await taskOf(engine, id, 't0')).toMatchObject({ status: 'FAILED', error: { code: 'BATCH_RESULT_INVALID' } });
    expect(await taskOf(engine, id, 't1')).toMatchObject({ status: 'COMPLETED' });
  });

  it('is tried again task by task, each as its own policy says', async () => {
    const clock = new VirtualClock();
    const { agent, calls } = numbers(
      ({ inputs }) =>
        Promise.allSettled(
          inputs.map(async (input) => {
            throw input === 2 ? new FatalError('never') : new Error('again');
          }),
        ),
      { retry: { maxAttempts: 3, delay: '1s' } },
    );
    const engine = await lab.start([agent], { clock });
    const { id } = await engine.submitJob(jobOf(3, (no) => (no === 1 ? { overrides: { retry: NO_RETRY } } : {})));
    await clock.runUntil(ended(engine, id));

    expect(calls.map(({ inputs }) => inputs)).toEqual([[0, 1, 2], [0], [0]]);
    expect(calls.map(({ ctx }) => [ctx.items[0]!.attempt, ctx.items[0]!.fence])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
  });
});

describe('one task of a batch', () => {
  it('that is cancelled does not cancel the others', async () => {
    const clock = new VirtualClock();
    const gate = new Gate<string>();
    const { agent, calls } = numbers(async (call) => {
      await gate.pass();
      return doubled(call);
    });
    const engine = await lab.start([agent], { clock });
    const [first, second] = [await engine.submitJob(jobOf(1)), await engine.submitJob(jobOf(2))];
    await clock.advance(20);
    const { signal, items } = calls[0]!.ctx;
    await first.cancel();

    expect(items.map((item) => item.signal.aborted)).toEqual([true, false, false]);
    expect(signal.aborted).toBe(false);
    await engine.cancelTask((await taskOf(engine, second.id, 't0')).id);
    expect(signal.aborted).toBe(false);
    gate.open('go on');
    await clock.runUntil(second.result());
    expect(await statusesOf(engine, second.id)).toEqual({ t0: 'CANCELLED BY_PERSON', t1: 'COMPLETED' });
  });

  it('ends the batch when it was the last that anybody waited for', async () => {
    const clock = new VirtualClock();
    const reasons: unknown[] = [];
    const { agent, calls } = numbers(async ({ ctx }) => {
      reasons.push(await aborted(ctx.signal));
      throw new Error('stopped');
    });
    const engine = await lab.start([agent], { clock });
    const handle = await engine.submitJob(jobOf(2));
    await clock.advance(20);
    expect(calls).toHaveLength(1);
    await handle.cancel();
    await until(() => reasons.length > 0);

    expect(reasons).toMatchObject([{ code: 'TASK_CANCELLED' }]);
  });

  it('that is cancelled before the call is not in it, and gives its place back at once', async () => {
    const clock = new VirtualClock();
    const { agent, calls } = numbers(doubled);
    const engine = await lab.start([agent], { clock });
    const [first, second] = [await engine.submitJob(jobOf(1)), await engine.submitJob(jobOf(1))];
    await clock.advance(10);
    await first.cancel();
    await eventLoopTurns();
    expect(engine.limitGauges().find(({ kind }) => kind === 'process')).toMatchObject({ taken: 1 });
    await second.cancel();
    await clock.advance(1_000);

    expect(calls).toEqual([]);
  });

  it('has a run timeout of its own, which the wait for others does not count to', async () => {
    const clock = new VirtualClock();
    const gate = new Gate<string>();
    const { agent, calls } = numbers(async (call) => {
      await gate.pass();
      return doubled(call);
    });
    const engine = await lab.start([agent], { clock });
    const handle = await engine.submitJob(jobOf(2, (no) => (no === 0 ? { overrides: { timeoutMs: 15 } } : {})));
    await clock.advance(20 + 14);
    expect(await statusesOf(engine, handle.id)).toEqual({ t0: 'IN_PROGRESS', t1: 'IN_PROGRESS' });
    await clock.advance(1);
    expect(await taskOf(engine, handle.id, 't0')).toMatchObject({ status: 'FAILED', error: { code: 'TASK_TIMEOUT' } });
    expect(calls[0]!.ctx.items[0]!.signal.reason).toMatchObject({ code: 'TASK_TIMEOUT' });
    gate.open('go on');
    await clock.runUntil(handle.result());

    expect(await outputOf(engine, handle.id, 't1')).toBe(2);
  });

  it('has an idle timeout that the heartbeat of the batch holds off', async () => {
    const clock = new VirtualClock();
    const gate = new Gate<string>();
    const { agent, calls } = numbers(
      async (call) => {
        await gate.pass();
        return doubled(call);
      },
      { idleTimeout: 100 },
    );
    const engine = await lab.start([agent], { clock });
    const { id } = await engine.submitJob(jobOf(1));
    await clock.advance(20 + 90);
    calls[0]!.ctx.heartbeat();
    await clock.advance(90);
    expect(await statusesOf(engine, id)).toEqual({ t0: 'IN_PROGRESS' });
    await clock.advance(10);

    expect(await taskOf(engine, id, 't0')).toMatchObject({ status: 'FAILED', error: { code: 'TASK_IDLE' } });
    gate.open('go on');
  });

  it('is asked about by plugins like any other', async () => {
    const clock = new VirtualClock();
    const { agent, calls } = numbers(doubled);
    const rules = definePlugin({
      name: 'rules',
      beforeStart: ({ taskKey }, input) => (taskKey === 't1' ? { veto: 'Not this one.' } : { input: Number(input) + 100 }),
      beforeComplete: ({ taskKey }, output) => (taskKey === 't2' ? { output: 'changed' } : { output }),
    });
    const engine = await lab.start([agent], { clock, plugins: [rules] });
    const { id } = await engine.submitJob(jobOf(3));
    await clock.advance(20);

    expect(calls.map(({ inputs }) => inputs)).toEqual([[100, 102]]);
    expect(await statusesOf(engine, id)).toEqual({ t0: 'COMPLETED', t1: 'BLOCKED MANUAL', t2: 'COMPLETED' });
    expect(await outputOf(engine, id, 't2')).toBe('changed');
  });

  it('that waits when the engine stops runs after the next start', async () => {
    const clock = new VirtualClock();
    const { agent, calls } = numbers(doubled);
    const engine = await lab.start([agent], { clock });
    const { id } = await engine.submitJob(jobOf(2));
    await clock.advance(10);
    await lab.stop(engine);
    expect(calls).toEqual([]);
    const next = await lab.start([agent], { clock });
    await clock.runUntil(next.job(id).result());

    expect(calls.map(({ inputs }) => inputs)).toEqual([[0, 1]]);
    expect(calls[0]!.ctx.items.map(({ fence }) => fence)).toEqual([2, 2]);
  });

  it('that has a result from before is not in the call', async () => {
    const clock = new VirtualClock();
    const { agent, calls } = numbers(doubled, { cache: { ttl: '1h' } });
    const engine = await lab.start([agent], { clock });
    await clock.runUntil((await engine.submitJob(jobOf(2))).result());
    await clock.runUntil((await engine.submitJob(jobOf(3))).result());

    expect(calls.map(({ inputs }) => inputs)).toEqual([[0, 1], [2]]);
  });
});
