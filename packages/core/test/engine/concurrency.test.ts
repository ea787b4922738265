import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { defineWorkflow, task, type AgentOptions, type Ref, type Schema } from '../../src/index.js';
import { agent, counted, echo } from '../helpers/agents.js';
import { Gate } from '../helpers/gate.js';
import { eventOf, refusal, statusesOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import { eventLoopTurns, VirtualClock } from '../helpers/virtual-clock.js';

const lab = useLab();

/** An agent that notes how many of it run at the same time, over all and by job. */
function gauge(name: string, settings: Partial<AgentOptions<Schema, Schema>> = {}) {
  const running = new Map<string, number>();
  const most = new Map<string, number>();
  const count = (key: string, by: number): void => {
    running.set(key, (running.get(key) ?? 0) + by);
    most.set(key, Math.max(most.get(key) ?? 0, running.get(key)!));
  };
  const definition = agent(
    name,
    async (_, ctx) => {
      for (const key of ['all', ctx.job.id]) count(key, 1);
      for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      for (const key of ['all', ctx.job.id]) count(key, -1);
    },
    settings,
  );
  return { agent: definition, most: (key = 'all') => most.get(key) ?? 0 };
}

const many = (count: number, name: string) => Array.from({ length: count }, (_, n) => ({ key: `${name}-${n}`, agent: name }));

describe('a limit', () => {
  it('of the process is used and never exceeded, over all jobs', async () => {
    const work = gauge('work');
    const engine = await lab.start([work.agent], { maxParallel: 3 });
    const handles = await Promise.all([1, 2, 3].map(() => engine.submitJob({ name: 'job', tasks: many(20, 'work') })));
    for (const handle of handles) expect(await handle.result()).toBeNull();
    expect(work.most()).toBe(3);
  });

  it('of a job is used and never exceeded, while another job has its own', async () => {
    const work = gauge('work');
    const engine = await lab.start([work.agent], { maxParallel: 20 });
    const [narrow, wide] = await Promise.all(
      [2, 5].map((maxParallel) => engine.submitJob({ name: 'job', tasks: many(30, 'work'), options: { maxParallel } })),
    );
    await Promise.all([narrow!.result(), wide!.result()]);
    expect(work.most(narrow!.id)).toBe(2);
    expect(work.most(wide!.id)).toBe(5);
  });

  it('of an agent is used and never exceeded, over all jobs, and holds no other agent up', async () => {
    const narrow = gauge('narrow', { concurrency: 2 });
    const wide = gauge('wide');
    const engine = await lab.start([narrow.agent, wide.agent], { maxParallel: 10 });
    const handles = await Promise.all(
      [1, 2].map(() => engine.submitJob({ name: 'job', tasks: [...many(15, 'narrow'), ...many(30, 'wide')] })),
    );
    await Promise.all(handles.map((handle) => handle.result()));
    expect(narrow.most()).toBe(2);
    expect(wide.most()).toBeGreaterThanOrEqual(8);
  });

  it('all three together: the narrowest counts', async () => {
    const work = gauge('work', { concurrency: 4 });
    const engine = await lab.start([work.agent], { maxParallel: 6 });
    const handles = await Promise.all(
      [3, 3].map((maxParallel) => engine.submitJob({ name: 'job', tasks: many(20, 'work'), options: { maxParallel } })),
    );
    await Promise.all(handles.map((handle) => handle.result()));
    expect(work.most()).toBe(4);
    for (const { id } of handles) expect(work.most(id)).toBeLessThanOrEqual(3);
  });

  it('of 1 never fails a task, however many wait: 300 run one after another (D17)', async () => {
    const work = counted('work', () => null, { concurrency: 1 });
    const engine = await lab.start([work.agent]);
    const handle = await engine.submitJob({ name: 'job', tasks: many(300, 'work') });
    await handle.result();
    expect(await handle.status()).toMatchObject({ success: true, counts: expect.objectContaining({ COMPLETED: 301, FAILED: 0 }) });
    expect(work.starts).toHaveLength(300);
  });

  it('is not taken by tasks that stand for others, that wait, or that the engine runs itself', async () => {
    const gate = new Gate();
    const waits = agent('waits', () => gate.pass());
    const asks = agent('asks', (_, ctx) => ctx.need('waits', 1));
    const Wf = defineWorkflow({
      name: 'wf',
      input: z.object({}),
      plan: (flow) => {
        flow.story('S').add(asks, 1);
        flow.map(flow.add(echo, [1]).out as Ref<number[]>, () => task(asks, 2));
        flow.add(waits, 3);
      },
    });
    // Suspended: two askers, a story, a map, the objective. Running: the one that `waits` stands for both, and the third.
    const engine = await lab.start([waits, asks, echo, Wf], { maxParallel: 3 });
    const handle = await engine.startWorkflow(Wf, {});
    await gate.reached(3);
    gate.open();
    await handle.result();
  });

  it('registered later holds for what is queued already', async () => {
    const gate = new Gate();
    const waits = agent('waits', () => gate.pass());
    const work = gauge('work', { concurrency: 2 });
    const first = await lab.start([waits, work.agent], { maxParallel: 1 });
    await first.submitJob({ name: 'job', tasks: [{ key: 'w', agent: 'waits', priority: 10 }, ...many(10, 'work')] });
    await gate.reached();
    gate.open();
    const second = await lab.restart(first, [waits], { maxParallel: 8 });
    await eventLoopTurns();
    second.register(work.agent);
    const [job] = (await second.reader.jobs({}, { first: 1 })).items;
    await second.job(job!.id).result();
    expect(work.most()).toBe(2);
  });
});

describe('the order of what waits', () => {
  const runs = async (tasks: { key: string; priority?: number; readyAfterMs?: number }[], ageing: string | number): Promise<string[]> => {
    const clock = new VirtualClock();
    const order: string[] = [];
    const gate = new Gate();
    const waits = agent('waits', () => gate.pass(), { timeout: 0 });
    const note = agent('note', (_, ctx) => void order.push(ctx.task.key), { timeout: 0 });
    const engine = await lab.start([waits, note], { clock, maxParallel: 1, ageing: ageing as never });
    await engine.submitJob({ name: 'first', tasks: [{ key: 'w', agent: 'waits' }] });
    await eventLoopTurns();
    const handles = [];
    for (const { readyAfterMs = 0, ...rest } of tasks) {
      await clock.advance(readyAfterMs);
      handles.push(await engine.submitJob({ name: 'job', tasks: [{ ...rest, agent: 'note' }] }));
    }
    gate.open();
    for (const handle of handles) await handle.result();
    return order;
  };

  it('is by priority, then by age', async () => {
    expect(
      await runs(
        [
          { key: 'p2', priority: 2 },
          { key: 'p9-old', priority: 9 },
          { key: 'default' },
          { key: 'p9-young', priority: 9 },
          { key: 'p10', priority: 10 },
        ],
        '30s',
      ),
    ).toEqual(['p10', 'p9-old', 'p9-young', 'default', 'p2']);
  });

  it('raises what has waited: a task of priority 1 comes before one of 9 that came eight levels later (B4)', async () => {
    expect(
      await runs(
        [
          { key: 'old', priority: 1 },
          { key: 'young', priority: 9, readyAfterMs: 8 * 30_000 + 1 },
        ],
        '30s',
      ),
    ).toEqual(['old', 'young']);
  });

  it('lets a task of priority 1 run at last under a stream of tasks of priority 9 that never ends (B4)', async () => {
    const clock = new VirtualClock();
    const order: string[] = [];
    // One place, and a new task of priority 9 each time one ends: there is always one that waits.
    const works = agent(
      'works',
      async (_, ctx) => {
        order.push(ctx.task.key);
        if (ctx.task.key === 'p9') await submit('p9', 9);
        await new Promise<void>((resolve) => clock.schedule(10_000, resolve));
      },
      { timeout: 0 },
    );
    const engine = await lab.start([works], { clock, maxParallel: 1, ageing: '30s' });
    const submit = (key: string, priority: number) => engine.submitJob({ name: key, tasks: [{ key, agent: 'works', priority }] });
    await submit('p9', 9);
    await submit('p1', 1);

    // Eight levels are four minutes: what came until then, and is as urgent, runs first.
    await clock.advance(230_000);
    expect(order).toEqual(Array.from({ length: 24 }, () => 'p9'));
    await clock.advance(30_000);
    expect(order.filter((key) => key === 'p1')).toHaveLength(1);
  });

  it('does not raise it before', async () => {
    expect(
      await runs(
        [
          { key: 'old', priority: 1 },
          { key: 'young', priority: 9, readyAfterMs: 8 * 30_000 - 1 },
        ],
        '30s',
      ),
    ).toEqual(['young', 'old']);
  });
});

describe('a full process', () => {
  it('wakes the next task when a place becomes free, whichever limit it waited for', async () => {
    const gates = Array.from({ length: 6 }, () => new Gate());
    const waits = agent('waits', (n: number) => gates[n]!.pass(), { concurrency: 2 });
    const engine = await lab.start([waits], { maxParallel: 3 });
    const a = await engine.submitJob({
      name: 'a',
      tasks: [0, 1, 2].map((n) => ({ key: `a${n}`, agent: 'waits', input: n })),
      options: { maxParallel: 1 },
    });
    const b = await engine.submitJob({ name: 'b', tasks: [3, 4, 5].map((n) => ({ key: `b${n}`, agent: 'waits', input: n })) });
    await Promise.all([gates[0]!.reached(), gates[3]!.reached()]);
    expect(
      Object.values({ ...(await statusesOf(engine, a.id)), ...(await statusesOf(engine, b.id)) }).filter(
        (status) => status === 'IN_PROGRESS',
      ),
    ).toHaveLength(2);
    for (const gate of gates) {
      gate.open();
      await eventLoopTurns(5);
    }
    await Promise.all([a.result(), b.result()]);
  });

  it('starts a task of a second job while the first one has hundreds waiting: none starves', async () => {
    const gate = new Gate();
    const waits = agent('waits', () => gate.pass());
    const quick = agent('quick');
    const engine = await lab.start([waits, quick], { maxParallel: 2 });
    const big = await engine.submitJob({ name: 'big', tasks: many(300, 'waits'), options: { maxParallel: 1 } });
    const small = await engine.submitJob({ name: 'small', tasks: many(5, 'quick') });
    await small.result();
    expect((await big.status()).counts.COMPLETED).toBe(0);
    gate.open();
    await big.result();
  });

  it('forgets the queued tasks of a cancelled job', async () => {
    const gate = new Gate();
    const started: string[] = [];
    const waits = agent('waits', (_, ctx) => (started.push(ctx.task.key), gate.pass()));
    const engine = await lab.start([waits], { maxParallel: 1, grace: 0 });
    const first = await engine.submitJob({ name: 'first', tasks: many(50, 'waits') });
    await eventOf(engine, first.id, 'TASK_STARTED');
    const second = await engine.submitJob({ name: 'second', tasks: [{ key: 'mine', agent: 'waits' }] });
    await first.cancel();
    gate.open();
    await second.result();
    expect(started).toHaveLength(2);
    expect(started[1]).toBe('mine');
  });
});

describe('a limit out of range', () => {
  it.each([0, -1, 1.5, 10_001, Number.NaN])('is refused with the option named: maxParallel %s', async (maxParallel) => {
    const error = await refusal((async () => lab.create([], { maxParallel }))());
    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.message).toContain('`maxParallel`');
  });

  it.each([0, -1, 1.5, Number.NaN])('is refused when the agent is defined: concurrency %s', async (concurrency) => {
    expect((await refusal((async () => agent('x', () => null, { concurrency }))())).code).toBe('CONFIG_INVALID');
  });
});
