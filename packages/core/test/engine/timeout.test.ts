import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { defineAgent, defineWorkflow, task, type Duration, type TaskContext } from '../../src/index.js';
import { agent, echo } from '../helpers/agents.js';
import { aborted, forever, Gate } from '../helpers/gate.js';
import { ended, eventsOf, outputOf, refusal, statusesOf, taskOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import { eventLoopTurns, VirtualClock } from '../helpers/virtual-clock.js';

const lab = useLab();

describe('the run timeout', () => {
  it('aborts the signal, fails the task with TASK_TIMEOUT, and not a moment earlier (A9, D1)', async () => {
    const clock = new VirtualClock();
    const reasons: { at: number; reason: unknown }[] = [];
    const slow = agent('slow', async (_, ctx) => void reasons.push({ reason: await aborted(ctx.signal), at: clock.monotonic() }), {
      timeout: 100,
    });
    const engine = await lab.start([slow], { clock });
    const { id } = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'slow' }] });
    await clock.advance(99);
    expect((await taskOf(engine, id, 'a')).status).toBe('IN_PROGRESS');
    await clock.advance(1);
    expect(reasons).toEqual([{ at: 100, reason: expect.objectContaining({ code: 'TASK_TIMEOUT' }) }]);
    const failed = await taskOf(engine, id, 'a');
    expect(failed).toMatchObject({ status: 'FAILED', attempt: 1, error: { code: 'TASK_TIMEOUT', details: { timeoutMs: 100 } } });
    expect(failed.error?.message).toContain('100 ms');
  });

  it.each<[string, { own?: Duration; agent?: Duration; engine?: Duration }, number]>([
    ["the task's own", { own: '1s', agent: '2s', engine: '3s' }, 1_000],
    ["its agent's where it has none", { agent: '2s', engine: '3s' }, 2_000],
    ["the engine's where neither has one", { engine: '3s' }, 3_000],
    ['300 s where nobody says', {}, 300_000],
  ])('is %s', async (_, { own, agent: ofAgent, engine: ofEngine }, timeoutMs) => {
    const clock = new VirtualClock();
    const stuck = agent('stuck', forever, ofAgent === undefined ? {} : { timeout: ofAgent });
    const Wf = defineWorkflow({
      name: 'wf',
      input: z.object({}),
      plan: (flow) => void flow.add(own === undefined ? task(stuck, 1) : task(stuck, 1).timeout(own)),
    });
    const engine = await lab.start([stuck, Wf], { clock, ...(ofEngine === undefined ? undefined : { timeout: ofEngine }) });
    const { id } = await engine.startWorkflow(Wf, {});
    expect((await taskOf(engine, id, 'stuck')).timeoutMs).toBe(timeoutMs);
    await clock.advance(timeoutMs - 1);
    expect((await taskOf(engine, id, 'stuck')).status).toBe('IN_PROGRESS');
    await clock.advance(1);
    expect((await taskOf(engine, id, 'stuck')).status).toBe('FAILED');
  });

  it('of 0 means none: of the task, of the agent, of the engine', async () => {
    const clock = new VirtualClock();
    const gate = new Gate<string>();
    const never = agent('never', () => gate.pass(), { timeout: 0 });
    const byTask = agent('by-task', () => gate.pass(), { timeout: 5 });
    const byEngine = agent('by-engine', () => gate.pass());
    const Wf = defineWorkflow({
      name: 'wf',
      input: z.object({}),
      plan: (flow) => [flow.add(never, 1), flow.add(task(byTask, 1).timeout(0)), flow.add(byEngine, 1)].map(({ out }) => out),
    });
    const engine = await lab.start([never, byTask, byEngine, Wf], { clock, timeout: 0, monitor: false });
    const handle = await engine.startWorkflow(Wf, {});
    await clock.advance(365 * 86_400_000);
    expect(Object.values(await statusesOf(engine, handle.id))).toEqual(['IN_PROGRESS', 'IN_PROGRESS', 'IN_PROGRESS']);
    gate.open('at last');
    expect(await handle.result()).toEqual(['at last', 'at last', 'at last']);
  });

  it('is a failure like others: retried by the policy, each attempt with the whole time (D15)', async () => {
    const clock = new VirtualClock();
    const starts: number[] = [];
    const stuck = agent('stuck', () => (starts.push(clock.monotonic()), forever()), {
      timeout: 100,
      retry: { maxAttempts: 3, backoff: 'fixed', delay: 10 },
    });
    const engine = await lab.start([stuck], { clock });
    const { id } = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'stuck' }] });
    await clock.advance(60_000);
    expect(starts).toEqual([0, 110, 220]);
    expect(await taskOf(engine, id, 'a')).toMatchObject({ status: 'FAILED', attempt: 3, error: { code: 'TASK_TIMEOUT' } });
    const retries = (await eventsOf(engine, id)).filter(({ type }) => type === 'TASK_RETRY_SCHEDULED');
    expect(retries.map(({ data }) => data['timedOut'])).toEqual([true, true]);
  });

  it('does not count the time a task waits for what it asked for', async () => {
    const clock = new VirtualClock();
    const gate = new Gate<string>();
    const source = agent('source', () => gate.pass(), { timeout: 0 });
    const asks = agent('asks', (_, ctx) => ctx.need('source', 1), { timeout: 100 });
    const engine = await lab.start([source, asks], { clock });
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'asks', type: 'OBJECTIVE' }] });
    await clock.advance(10_000);
    gate.open('found');
    await clock.advance(10);
    expect(await handle.result()).toBe('found');
  });

  it('does not begin before the task starts: waiting for a place is no running', async () => {
    const clock = new VirtualClock();
    const gate = new Gate();
    const waits = agent('waits', () => gate.pass(), { timeout: 1_000 });
    const engine = await lab.start([waits, echo], { clock, maxParallel: 1 });
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'a', agent: 'waits', priority: 10 },
        { key: 'b', agent: 'echo', overrides: { timeoutMs: 10 } },
      ],
    });
    await clock.advance(900);
    gate.open();
    await handle.result();
  });

  it('also ends an attempt whose output is being checked for ever', async () => {
    const clock = new VirtualClock();
    const Slow = defineAgent({
      name: 'slow',
      input: z.unknown(),
      output: z.unknown().refine(() => forever()),
      timeout: 100,
      execute: () => 1,
    });
    const engine = await lab.start([Slow], { clock });
    const { id } = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'slow' }] });
    await clock.advance(200);
    expect(await taskOf(engine, id, 'a')).toMatchObject({ status: 'FAILED', error: { code: 'TASK_TIMEOUT' } });
  });
});

describe('an agent that does not stop at its timeout (bad input A7)', () => {
  it('keeps its place for the grace time, and no longer', async () => {
    const clock = new VirtualClock();
    const starts: string[] = [];
    const stuck = agent('stuck', (_, ctx) => (starts.push(ctx.task.key), forever()), { timeout: 100 });
    const engine = await lab.start([stuck], { clock, maxParallel: 1, grace: 1_000 });
    await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'a', agent: 'stuck' },
        { key: 'b', agent: 'stuck' },
      ],
      options: { failureStrategy: 'skip' },
    });
    await clock.advance(100 + 999);
    expect(starts).toEqual(['a']);
    await clock.advance(1);
    expect(starts).toEqual(['a', 'b']);
  });

  it('and is retried meanwhile gives back every place it took', async () => {
    const clock = new VirtualClock();
    const gates = [new Gate(), new Gate()];
    const stuckOnce = agent('stuck-once', (_, ctx) => (ctx.attempt.number === 1 ? forever() : null), {
      timeout: 100,
      retry: { maxAttempts: 2, backoff: 'none' },
    });
    const waits = agent('waits', (n: number) => gates[n]!.pass());
    const engine = await lab.start([stuckOnce, waits], { clock, maxParallel: 2, grace: 1_000, timeout: 0 });
    const first = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'stuck-once' }] });
    await clock.advance(10_000);
    await first.result();
    // Both places must be free again.
    const second = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'a', agent: 'waits', input: 0 },
        { key: 'b', agent: 'waits', input: 1 },
      ],
    });
    await eventLoopTurns();
    expect(await statusesOf(engine, second.id)).toEqual({ a: 'IN_PROGRESS', b: 'IN_PROGRESS' });
    for (const gate of gates) gate.open();
    await second.result();
  });

  it('has no say any more: its late result is dropped, also while the next attempt runs (E7, D12)', async () => {
    const clock = new VirtualClock();
    const gates = [new Gate<string>(), new Gate<string>()];
    const late = agent('late', (_, ctx) => gates[ctx.attempt.number - 1]!.pass(), {
      timeout: 100,
      retry: { maxAttempts: 2, backoff: 'none' },
    });
    const logged: string[] = [];
    const note = (message: string): void => void logged.push(message);
    const engine = await lab.start([late], { clock, logger: { debug: note, info: note, warn: note, error: note } });
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'late', type: 'OBJECTIVE' }] });
    await clock.advance(150);
    await gates[1]!.reached();
    gates[0]!.open('too late');
    await eventLoopTurns();
    expect((await taskOf(engine, handle.id, 'a')).status).toBe('IN_PROGRESS');
    gates[1]!.open('in time');
    expect(await handle.result()).toBe('in time');
    expect(await outputOf(engine, handle.id, 'a')).toBe('in time');
    expect((await eventsOf(engine, handle.id)).filter(({ type }) => type === 'TASK_COMPLETED')).toHaveLength(1);
  });

  it('leaves no trace of 100,000 signs of life, nor of one that comes after its end', async () => {
    let kept: TaskContext | undefined;
    const lively = agent('lively', (_, ctx) => {
      kept = ctx;
      for (let sign = 0; sign < 100_000; sign += 1) ctx.heartbeat();
      return null;
    });
    const engine = await lab.start([lively]);
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 't', agent: 'lively', type: 'OBJECTIVE' }] });
    await handle.result();
    const { lastSeq } = await handle.status();
    kept!.heartbeat();

    expect([lastSeq, (await handle.status()).lastSeq, (await handle.status()).status]).toEqual([5, 5, 'COMPLETED']);
  });

  it('gets ATTEMPT_ENDED from its context', async () => {
    const clock = new VirtualClock();
    const gate = new Gate();
    const errors: unknown[] = [];
    const late = agent(
      'late',
      async (_, ctx) => {
        await gate.pass();
        errors.push(await refusal(ctx.step('x', () => 1)), await refusal(ctx.need('late', 1)), await refusal(ctx.distilled()));
      },
      { timeout: 100 },
    );
    const engine = await lab.start([late], { clock });
    const { id } = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'late' }] });
    await clock.advance(100);
    gate.open();
    await eventLoopTurns();
    expect(errors).toEqual([1, 2, 3].map(() => expect.objectContaining({ code: 'ATTEMPT_ENDED' })));
    expect((await taskOf(engine, id, 'a')).status).toBe('FAILED');
  });
});

describe('the idle timeout', () => {
  it('is off where it is not set', async () => {
    const clock = new VirtualClock();
    const quiet = agent('quiet', forever, { timeout: 0 });
    const engine = await lab.start([quiet], { clock });
    const { id } = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'quiet' }] });
    await clock.advance(86_400_000);
    expect((await taskOf(engine, id, 'a')).status).toBe('IN_PROGRESS');
  });

  it.each<[string, (ctx: Parameters<Parameters<typeof agent>[1] & object>[1], round: number) => unknown]>([
    ['ctx.heartbeat', (ctx) => ctx.heartbeat()],
    ['ctx.progress', (ctx, round) => ctx.progress(round)],
    ['ctx.step', (ctx, round) => ctx.step(`step ${round}`, () => round)],
  ])('is put off by %s, and ends an attempt that gives no sign of life for that long (A11)', async (_, sign) => {
    const clock = new VirtualClock();
    const lively = agent(
      'lively',
      async (__, ctx) => {
        for (let round = 1; round <= 10; round += 1) {
          await new Promise<void>((resolve) => clock.schedule(100, resolve));
          await sign(ctx, round);
        }
        return forever();
      },
      { idleTimeout: 200 },
    );
    const engine = await lab.start([lively], { clock });
    const { id } = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'lively' }] });
    await clock.advance(1_000 + 199);
    expect((await taskOf(engine, id, 'a')).status).toBe('IN_PROGRESS');
    await clock.advance(1);
    const failed = await taskOf(engine, id, 'a');
    expect(failed).toMatchObject({ status: 'FAILED', error: { code: 'TASK_IDLE', details: { idleTimeoutMs: 200 } } });
  });

  it('begins when the agent begins: a neighbour that blocks the process does not use it up', async () => {
    const clock = new VirtualClock();
    // The clock jumps while the first agent computes, as it does when an agent blocks the event loop.
    const blocks = agent('blocks', () => clock.jump(500));
    const quick = agent('quick', () => 'done', { idleTimeout: 20 });
    const engine = await lab.start([blocks, quick], { clock });
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'a', agent: 'blocks', priority: 10 },
        { key: 'b', agent: 'quick' },
      ],
    });
    await ended(engine, handle.id);
    expect((await taskOf(engine, handle.id, 'b')).error).toBeNull();
    expect(await statusesOf(engine, handle.id)).toEqual({ a: 'COMPLETED', b: 'COMPLETED' });
  });
});

describe('a timeout out of range', () => {
  it.each(['5 minutes', '-1s', -1, Number.NaN, Number.POSITIVE_INFINITY, '1e3s', '', 'ms'])(
    'is refused when the agent is defined: %s',
    async (timeout) => {
      const error = await refusal((async () => agent('x', () => null, { timeout: timeout as never, idleTimeout: timeout as never }))());
      expect(error.code).toBe('CONFIG_INVALID');
      expect(error.details['problems']).toHaveLength(2);
    },
  );
});
