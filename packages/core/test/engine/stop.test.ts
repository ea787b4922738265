import { describe, expect, it } from '@jest/globals';

import { z } from 'zod';

import { defineWorkflow, type Engine } from '../../src/index.js';
import { agent, counted, echo } from '../helpers/agents.js';
import { auditDatabase } from '../helpers/audit.js';
import { aborted, forever, Gate } from '../helpers/gate.js';
import { eventOf, eventsOf, refusal, taskOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import { seeded } from '../helpers/random.js';
import { SlowStore } from '../helpers/stores.js';
import { eventLoopTurns, VirtualClock } from '../helpers/virtual-clock.js';

const lab = useLab();

describe('stop()', () => {
  it('waits for running attempts, takes their results, and starts nothing new', async () => {
    const gate = new Gate<string>();
    const waits = agent('waits', () => gate.pass());
    const next = counted('next');
    const engine = await lab.start([waits, next.agent]);
    const { id } = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'a', agent: 'waits' },
        { key: 'b', agent: 'next', dependsOn: ['a'] },
      ],
    });
    await gate.reached();
    const stopping = engine.stop({ graceMs: 60_000 });
    await eventLoopTurns();
    gate.open('in time');
    await stopping;
    expect(next.starts).toEqual([]);
    const again = await lab.start([waits, next.agent]);
    await again.job(id).result();
    expect((await eventsOf(again, id)).filter(({ taskKey }) => taskKey === 'a').map(({ type }) => type)).toEqual([
      'TASK_STARTED',
      'TASK_COMPLETED',
    ]);
    expect(next.starts).toEqual(['b']);
  });

  it('tells attempts that take longer than the grace time, and hands their tasks back: no failure, no attempt spent', async () => {
    const clock = new VirtualClock();
    const reasons: unknown[] = [];
    const obeys = agent('obeys', async (_, ctx) => {
      if (ctx.attempt.reason === 'RECOVERED') return ctx.attempt;
      reasons.push(await aborted(ctx.signal));
      throw new Error('stopped');
    });
    const engine = await lab.start([obeys], { clock });
    const { id } = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'obeys', type: 'OBJECTIVE' }] });
    await clock.advance(10);
    const stopping = engine.stop({ graceMs: 1_000 });
    await clock.advance(999);
    expect(reasons).toEqual([]);
    await clock.advance(1);
    await stopping;
    expect(reasons).toEqual([expect.objectContaining({ code: 'ENGINE_STOPPED' })]);
    const again = await lab.start([obeys]);
    expect(await again.job(id).result()).toEqual({ number: 1, reason: 'RECOVERED', feedback: null });
    const abandoned = (await eventsOf(again, id)).filter(({ type }) => type === 'TASK_ABANDONED');
    // No strike: nothing died.
    expect(abandoned.map(({ data }) => data['strikes'])).toEqual([0]);
  });

  it('does not wait for agents that ignore the signal', async () => {
    const engine = await lab.start([agent('ignores', forever)]);
    const { id } = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'a', agent: 'ignores' },
        { key: 'b', agent: 'ignores' },
      ],
    });
    await eventOf(engine, id, 'TASK_STARTED', 'b');
    await engine.stop({ graceMs: 0 });
    const again = await lab.start([agent('ignores')]);
    await again.job(id).result();
    expect((await taskOf(again, id, 'a')).attempt).toBe(1);
  });

  it('drops what such an agent returns later, without harm to the next engine on the file', async () => {
    const gate = new Gate<string>();
    const first = await lab.start([agent('late', () => gate.pass())]);
    const { id } = await first.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'late', type: 'OBJECTIVE' }] });
    await gate.reached();
    await first.stop({ graceMs: 0 });
    const secondGate = new Gate<string>();
    const second = await lab.start([agent('late', () => secondGate.pass())]);
    await secondGate.reached();
    gate.open('of the first');
    await eventLoopTurns();
    secondGate.open('of the second');
    expect(await second.job(id).result()).toBe('of the second');
  });

  it('counts no strike for an attempt that swallows its suspension', async () => {
    const asks = (stubborn: boolean) =>
      agent('asks', (_, ctx) => (stubborn ? ctx.need('echo', 1).catch(forever) : ctx.need('echo', 1)), { timeout: 0 });
    const clock = new VirtualClock();
    const first = await lab.start([asks(true), echo], { clock });
    const { id } = await first.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'asks', type: 'OBJECTIVE' }] });
    await clock.advance(20);
    await lab.stop(first);
    const second = await lab.start([asks(false), echo]);
    expect(await second.job(id).result()).toBe(1);
    const abandoned = (await eventsOf(second, id)).filter(({ type }) => type === 'TASK_ABANDONED');
    for (const { data } of abandoned) expect(data['strikes']).toBe(0);
  });

  it('may be called twice, at the same time, and before the start', async () => {
    const fresh = lab.create([]);
    await fresh.stop();
    const engine = await lab.start([agent('ignores', forever)], { file: 'b.db' });
    await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'ignores' }] });
    await Promise.all([engine.stop({ graceMs: 0 }), engine.stop({ graceMs: 0 })]);
    await engine.stop();
  });

  it('called twice resolves only when the engine has stopped, for both callers', async () => {
    const gate = new Gate();
    const engine = await lab.start([agent('waits', () => gate.pass())]);
    await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'waits' }] });
    await gate.reached();
    let resolved = 0;
    const both = [1, 2].map(() => engine.stop({ graceMs: 60_000 }).then(() => (resolved += 1)));
    await eventLoopTurns();
    expect(resolved).toBe(0);
    gate.open();
    await Promise.all(both);
  });

  it('refuses every command afterwards with ENGINE_STOPPED', async () => {
    const engine = await lab.start([echo]);
    const { id } = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'echo' }] });
    await engine.stop();
    for (const command of [
      () => engine.submitJob({ name: 'job', tasks: [] }),
      () => engine.cancelJob(id),
      () => engine.retryJob(id),
      () => engine.reader.job(id),
      () => engine.job(id).status(),
      () => engine.job(id).result(),
    ]) {
      expect((await refusal(command())).code).toBe('ENGINE_STOPPED');
    }
  });

  it('asked for in the very moment in which a task is started leaves no attempt behind that nobody waits for', async () => {
    const gate = new Gate();
    const running = { now: 0 };
    const next = agent('next', async () => {
      running.now += 1;
      await forever();
    });
    const slow = { turns: 0 };
    const first = await lab.start([agent('waits', () => gate.pass()), next], {
      maxParallel: 1,
      grace: 0,
      storeAt: (path) => new SlowStore(path, () => slow.turns),
    });
    const { id } = await first.submitJob({
      name: 'job',
      tasks: [
        { key: 'a', agent: 'waits' },
        { key: 'b', agent: 'next', dependsOn: ['a'] },
      ],
    });
    await gate.reached();
    gate.open();
    slow.turns = 3;
    // Refused in the same flush that starts b: what follows runs before that flush has been written.
    await first.cancelJob('nowhere').catch(() => first.stop({ graceMs: 0 }));
    const startsOfFirst = running.now;
    const second = await lab.start([agent('waits'), agent('next', () => 'done')]);
    await second.job(id).result();
    expect(running.now).toBe(startsOfFirst);
    const abandoned = (await eventsOf(second, id)).filter(({ type }) => type === 'TASK_ABANDONED');
    for (const { data } of abandoned) expect(data['strikes']).toBe(0);
  });

  it('in the middle of a plan refuses the job with ENGINE_STOPPED; nothing of it is stored', async () => {
    const gate = new Gate();
    const Slow = defineWorkflow({
      name: 'slow',
      input: z.object({}),
      plan: async (flow) => {
        flow.add(echo, 1);
        await gate.pass();
      },
    });
    const engine = await lab.start([echo, Slow]);
    const submitting = refusal(engine.startWorkflow(Slow, {}, { idempotencyKey: 'k' }));
    await gate.reached();
    await engine.stop();
    gate.open();
    expect((await submitting).code).toBe('ENGINE_STOPPED');
    const again = await lab.start([echo, Slow]);
    expect(await again.reader.countJobs({})).toBe(0);
  });

  it('called by an agent comes to an end, and hands its task back', async () => {
    const clock = new VirtualClock();
    let engine: Engine;
    const stops = agent('stops', () => engine.stop({ graceMs: 1_000 }));
    engine = await lab.start([stops], { clock });
    const { id } = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'stops', type: 'OBJECTIVE' }] });
    await clock.advance(2_000);
    const again = await lab.start([agent('stops', () => 'done')]);
    expect(await again.job(id).result()).toBe('done');
  });

  it('leaves no timer behind, so that the process can end', async () => {
    const clock = new VirtualClock();
    const gate = new Gate();
    const definitions = [
      echo,
      agent('ignores', forever, { timeout: '1h', idleTimeout: '1h' }),
      agent('times-out', forever, { timeout: 5, retry: { maxAttempts: 2, backoff: 'fixed', delay: '1h' } }),
      agent('reports', async (_, ctx) => {
        for (let n = 0; n < 5; n += 1) ctx.progress(n);
        await gate.pass();
      }),
      agent('asks', (_, ctx) => ctx.need('ignores', 1)),
    ];
    const engine = await lab.start(definitions, { clock, maxParallel: 10, grace: '1h', summarizer: { summarize: () => 'short' } });
    await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'e', agent: 'echo' },
        { key: 'r', agent: 'reports' },
        { key: 'i', agent: 'ignores' },
        { key: 't', agent: 'times-out' },
        { key: 'a', agent: 'asks' },
      ],
    });
    const cancelled = await engine.submitJob({ name: 'cancelled', tasks: [{ key: 'i', agent: 'ignores' }] });
    await clock.advance(50);
    await cancelled.cancel();
    gate.open();
    const stopping = engine.stop({ graceMs: 100 });
    await clock.advance(100);
    await stopping;
    expect(clock.pending).toBe(0);
  });

  it.each([
    ['at once', 0],
    ['slowly', 3],
  ])('at any moment loses nothing: 30 stops of a busy engine that writes %s, and the next one goes on', async (_, slowness) => {
    const random = seeded(7);
    const starts = new Map<string, number>();
    const storeAt = (path: string): SlowStore => new SlowStore(path, () => Math.floor(random() * (slowness + 1)));
    const works = agent('works', async (n: number, ctx) => {
      starts.set(ctx.task.key, (starts.get(ctx.task.key) ?? 0) + 1);
      for (let turn = 0; turn < n % 4; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      return ctx.step('one', () => n);
    });
    const tasks = Array.from({ length: 120 }, (_item, n) => ({
      key: `t${n}`,
      agent: 'works',
      input: n,
      ...(n >= 6 ? { dependsOn: [`t${n - 6}`, `t${n - 5}`] } : undefined),
    }));
    let engine = await lab.start([works], { maxParallel: 3, storeAt });
    const { id } = await engine.submitJob({ name: 'job', tasks });
    const completed = new Set<string>();
    for (let stop = 0; stop < 30; stop += 1) {
      for (let turn = Math.floor(random() * 12); turn > 0; turn -= 1)
        await (turn % 2 ? new Promise((resolve) => setImmediate(resolve)) : Promise.resolve());
      await engine.stop({ graceMs: 0 });
      await auditDatabase(lab.path());
      const before = new Map(starts);
      engine = await lab.start([works], { maxParallel: 3, storeAt });
      for (const { taskKey, type, data } of await eventsOf(engine, id)) {
        if (type === 'TASK_COMPLETED') completed.add(taskKey!);
        if (type === 'TASK_ABANDONED') expect([taskKey, data['strikes']]).toEqual([taskKey, 0]);
      }
      for (const key of completed) expect([key, starts.get(key)]).toEqual([key, before.get(key)]);
    }
    await engine.job(id).result();
    expect((await engine.job(id).status()).success).toBe(true);
  });
});
