import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { defineAgent, type BatchItem, type Cost, type Engine, type EventView, type JobHandle, type TaskContext } from '../../src/index.js';
import { agent, echo } from '../helpers/agents.js';
import { aborted, Gate } from '../helpers/gate.js';
import { eventOf, eventsOf, refusal, tasksOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import { VirtualClock } from '../helpers/virtual-clock.js';

const lab = useLab();
const RETRY = { retry: { maxAttempts: 3, backoff: 'none' as const } };

/** What each task of a job has spent itself, by key; those that have spent nothing are left out. */
async function costsOf(engine: Engine, jobId: string): Promise<Record<string, Cost>> {
  const tasks = [...(await tasksOf(engine, jobId)).values()];
  const costs = await engine.reader.taskCosts(tasks);
  return Object.fromEntries(tasks.flatMap(({ key }, index) => (Object.keys(costs[index]!).length === 0 ? [] : [[key, costs[index]!]])));
}

async function totalOf(engine: Engine, jobId: string): Promise<Cost> {
  return (await engine.reader.jobCosts([jobId]))[0]!;
}

/** Types of the events that tell of a cost, with it. */
async function told(engine: Engine, jobId: string): Promise<unknown[]> {
  const events = await eventsOf(engine, jobId);
  return events.filter(({ data }) => 'cost' in data || 'costs' in data).map(({ type, data }) => [type, data['cost'] ?? data['costs']]);
}

async function run(engine: Engine, agentName: string): Promise<JobHandle> {
  const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: agentName, failureStrategy: 'continue' }] });
  await handle.result();
  return handle;
}

describe('ctx.cost', () => {
  it('adds up, and is kept with the end of the attempt', async () => {
    const spends = agent('spends', (_, ctx) => {
      ctx.cost({ tokens: 100, usd: 0.25 });
      ctx.cost({ tokens: 20 });
      ctx.cost({ tokens: 0, idle: 0 });
      ctx.cost({});
    });
    const engine = await lab.start([spends, echo]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'a', agent: 'spends' },
        { key: 'b', agent: 'spends' },
        { key: 'free', agent: 'echo' },
      ],
    });
    await handle.result();

    expect(await costsOf(engine, handle.id)).toEqual({ a: { tokens: 120, usd: 0.25 }, b: { tokens: 120, usd: 0.25 } });
    expect(await totalOf(engine, handle.id)).toEqual({ tokens: 240, usd: 0.5 });
    expect(await told(engine, handle.id)).toEqual([
      ['TASK_COMPLETED', { tokens: 120, usd: 0.25 }],
      ['TASK_COMPLETED', { tokens: 120, usd: 0.25 }],
    ]);
  });

  it('is kept with a step, and what comes after it with what is written next', async () => {
    const spends = agent('spends', async (_, ctx) => {
      await ctx.step('model', () => ctx.cost({ tokens: 3 }));
      ctx.cost({ tokens: 4 });
      await ctx.step('more', () => null);
      ctx.cost({ tokens: 5 });
    });
    const engine = await lab.start([spends]);
    const { id } = await run(engine, 'spends');

    expect(await told(engine, id)).toEqual([
      ['TASK_STEP_RECORDED', { tokens: 3 }],
      ['TASK_STEP_RECORDED', { tokens: 4 }],
      ['TASK_COMPLETED', { tokens: 5 }],
    ]);
    expect(await totalOf(engine, id)).toEqual({ tokens: 12 });
  });

  it('of a suspended run counts, and so does that of the next one', async () => {
    const asks = agent('asks', async (_, ctx) => {
      ctx.cost({ calls: 1 });
      await ctx.need(echo, 'x');
      ctx.cost({ calls: 10 });
    });
    const engine = await lab.start([asks, echo]);
    const { id } = await run(engine, 'asks');

    expect(await told(engine, id)).toEqual([
      ['TASK_SUSPENDED', { calls: 1 }],
      ['TASK_COMPLETED', { calls: 11 }],
    ]);
    expect(await totalOf(engine, id)).toEqual({ calls: 12 });
  });

  it('of attempts that fail counts, also when the task is retried by hand', async () => {
    const fails = agent(
      'fails',
      (_, ctx) => {
        ctx.cost({ tokens: ctx.attempt.number });
        throw new Error('no');
      },
      RETRY,
    );
    const engine = await lab.start([fails]);
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'fails' }] });
    await refusal(handle.result());

    expect(await told(engine, handle.id)).toEqual([
      ['TASK_RETRY_SCHEDULED', { tokens: 1 }],
      ['TASK_RETRY_SCHEDULED', { tokens: 2 }],
      ['TASK_FAILED', { tokens: 3 }],
    ]);
    await engine.retryJob(handle.id);
    await refusal(engine.job(handle.id).result());
    expect(await costsOf(engine, handle.id)).toEqual({ a: { tokens: 12 } });
    expect(await totalOf(engine, handle.id)).toEqual({ tokens: 12 });
  });

  it('of an attempt that times out counts', async () => {
    const clock = new VirtualClock();
    const spent = new Gate();
    const hangs = agent(
      'hangs',
      async (_, ctx) => {
        ctx.cost({ tokens: 7 });
        void spent.pass();
        await aborted(ctx.signal);
      },
      { timeout: '10s' },
    );
    const engine = await lab.start([hangs], { clock });
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'hangs' }] });
    await clock.advanceUntil(spent.reached());
    expect((await clock.runUntil(refusal(handle.result()))).code).toBe('JOB_FAILED');

    expect(await told(engine, handle.id)).toEqual([['TASK_FAILED', { tokens: 7 }]]);
    expect(await totalOf(engine, handle.id)).toEqual({ tokens: 7 });
  });

  it('of attempts that are cancelled with their job counts, each with its task', async () => {
    const both = new Gate();
    const hangs = agent('hangs', async (tokens: number, ctx) => {
      ctx.cost({ tokens });
      void both.pass();
      await aborted(ctx.signal);
    });
    const engine = await lab.start([hangs]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'a', agent: 'hangs', input: 5 },
        { key: 'b', agent: 'hangs', input: 6 },
      ],
    });
    await both.reached(2);
    await handle.cancel();

    expect(await told(engine, handle.id)).toEqual([
      [
        'TASKS_CANCELLED',
        [
          { task: `${handle.id}:1`, cost: { tokens: 5 } },
          { task: `${handle.id}:2`, cost: { tokens: 6 } },
        ],
      ],
    ]);
    expect(await costsOf(engine, handle.id)).toEqual({ a: { tokens: 5 }, b: { tokens: 6 } });
    expect(await totalOf(engine, handle.id)).toEqual({ tokens: 11 });
  });

  it.each([
    ['skipped', (engine: Engine, id: string) => engine.skipTask(id), 'TASK_SKIPPED'],
    ['cancelled', (engine: Engine, id: string) => engine.cancelTask(id), 'TASKS_CANCELLED'],
  ] as const)('of an attempt whose task is %s by a person counts', async (_, act, type) => {
    const spent = new Gate();
    const hangs = agent('hangs', async (__, ctx) => {
      ctx.cost({ usd: 0.5 });
      void spent.pass();
      await aborted(ctx.signal);
    });
    const engine = await lab.start([hangs]);
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'hangs' }] });
    await spent.reached();
    await act(engine, `${handle.id}:1`);
    await handle.result();

    const events = await eventsOf(engine, handle.id);
    expect(events.filter(({ data }) => 'cost' in data || 'costs' in data).map(({ type: found }) => found)).toEqual([type]);
    expect(await totalOf(engine, handle.id)).toEqual({ usd: 0.5 });
  });

  it('of the attempts that another one fails counts', async () => {
    const spent = new Gate();
    const hangs = agent('hangs', async (_, ctx) => {
      ctx.cost({ tokens: 1 });
      void spent.pass();
      await aborted(ctx.signal);
    });
    const fails = agent('fails', async (_, ctx) => {
      await spent.reached();
      ctx.cost({ tokens: 2 });
      throw new Error('no');
    });
    const engine = await lab.start([hangs, fails]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'a', agent: 'hangs' },
        { key: 'b', agent: 'fails' },
      ],
    });
    await refusal(handle.result());

    expect(await costsOf(engine, handle.id)).toEqual({ a: { tokens: 1 }, b: { tokens: 2 } });
  });

  it('of an attempt that ends because a task before it is to run again counts', async () => {
    const spent = new Gate();
    const hangs = agent('hangs', async (_, ctx) => {
      ctx.cost({ tokens: 3 });
      if (ctx.attempt.reason !== 'FIRST') return;
      void spent.pass();
      await aborted(ctx.signal);
    });
    const engine = await lab.start([echo, hangs]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'a', agent: 'echo' },
        { key: 'b', agent: 'hangs', dependsOn: ['a'] },
      ],
    });
    await spent.reached();
    await engine.retryTask(`${handle.id}:1`);
    await handle.result();

    expect(await told(engine, handle.id)).toEqual([
      ['TASKS_REOPENED', [{ task: `${handle.id}:2`, cost: { tokens: 3 } }]],
      ['TASK_COMPLETED', { tokens: 3 }],
    ]);
    expect(await costsOf(engine, handle.id)).toEqual({ b: { tokens: 6 } });
  });

  it('of an attempt that is superseded because what had added its task is rejected counts', async () => {
    const spent = new Gate();
    const hangs = agent('hangs', async (_, ctx) => {
      ctx.cost({ tokens: 4 });
      void spent.pass();
      await aborted(ctx.signal);
    });
    const writes = agent(
      'writes',
      async (_, ctx) => {
        if (ctx.attempt.feedback !== null) return 'good';
        await ctx.spawn(hangs, 1);
        await spent.reached();
        ctx.cost({ tokens: 1 });
        return 'bad';
      },
      { review: (output: unknown) => output === 'good' || 'better' },
    );
    const engine = await lab.start([hangs, writes]);
    const { id } = await run(engine, 'writes');

    expect(await told(engine, id)).toEqual([
      ['TASK_RETURNED', { tokens: 1 }],
      ['TASK_REJECTED', [{ task: `${id}:2`, cost: { tokens: 4 } }]],
    ]);
    expect(await totalOf(engine, id)).toEqual({ tokens: 5 });
  });

  it('is kept when the engine stops, and the task goes on with it', async () => {
    const spent = new Gate();
    const work = agent('work', async (_, ctx) => {
      ctx.cost({ tokens: 9 });
      if (ctx.attempt.reason !== 'FIRST') return;
      void spent.pass();
      await aborted(ctx.signal);
    });
    const engine = await lab.start([work]);
    const { id } = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'work' }] });
    await spent.reached();
    const again = await lab.restart(engine, [work]);
    await again.job(id).result();

    expect(await told(again, id)).toEqual([
      ['TASK_ABANDONED', { tokens: 9 }],
      ['TASK_COMPLETED', { tokens: 9 }],
    ]);
    expect(await totalOf(again, id)).toEqual({ tokens: 18 });
  });

  it('is nothing where a kept result is used again', async () => {
    const spends = defineAgent({
      name: 'spends',
      input: z.number(),
      output: z.number(),
      cache: { ttl: '1h' },
      execute: (n, ctx) => {
        ctx.cost({ tokens: 50 });
        return n;
      },
    });
    const engine = await lab.start([spends]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'a', agent: 'spends', input: 1 },
        { key: 'b', agent: 'spends', input: 1, dependsOn: ['a'] },
      ],
    });
    await handle.result();

    expect(await costsOf(engine, handle.id)).toEqual({ a: { tokens: 50 } });
  });

  it('of an agent that is heard no more is refused, and not counted', async () => {
    const [spent, late] = [new Gate(), new Gate<TaskContext>()];
    const hangs = agent('hangs', async (_, ctx) => {
      ctx.cost({ tokens: 1 });
      void spent.pass();
      await aborted(ctx.signal);
      late.open(ctx);
    });
    const engine = await lab.start([hangs]);
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'hangs' }] });
    await spent.reached();
    await handle.cancel();
    const ctx = await late.pass();

    expect(() => ctx.cost({ tokens: 100 })).toThrow(expect.objectContaining({ code: 'ATTEMPT_ENDED' }));
    expect(await totalOf(engine, handle.id)).toEqual({ tokens: 1 });
  });

  it('is taken with what an agent reports while it works', async () => {
    const gate = new Gate();
    const works = agent('works', async (_, ctx) => {
      ctx.cost({ tokens: 2 });
      ctx.progress(50);
      await gate.pass();
    });
    const engine = await lab.start([works]);
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'works' }] });
    const event: EventView = await eventOf(engine, handle.id, 'TASK_PROGRESSED', 'a');

    expect(event.data['cost']).toEqual({ tokens: 2 });
    expect(await totalOf(engine, handle.id)).toEqual({ tokens: 2 });
    gate.open();
    await handle.result();
  });

  it.each([
    ['no amounts', null],
    ['a number', 3],
    ['a list', [1]],
    ['an amount below 0', { tokens: -1 }],
    ['not a number', { tokens: Number.NaN }],
    ['infinity', { tokens: Number.POSITIVE_INFINITY }],
    ['a text', { tokens: '1' }],
    ['a blank unit', { ' ': 1 }],
    ['a prototype name', JSON.parse('{"__proto__":1}')],
    ['a long unit', { ['x'.repeat(201)]: 1 }],
    ['a sum that is not finite', { usd: Number.MAX_VALUE }],
    ['more units than a task may have', Object.fromEntries(Array.from({ length: 32 }, (_, no) => [`unit-${no}`, 1]))],
  ])('refuses %s, and keeps what was said before', async (_, amounts) => {
    const spends = agent(
      'spends',
      (__, ctx) => {
        ctx.cost({ usd: Number.MAX_VALUE });
        ctx.cost(amounts as Cost);
      },
      { retry: { maxAttempts: 1 } },
    );
    const engine = await lab.start([spends]);
    const { id } = await run(engine, 'spends');

    expect((await tasksOf(engine, id)).get('a')).toMatchObject({ status: 'FAILED', error: { code: 'OPTIONS_INVALID' } });
    expect(await totalOf(engine, id)).toEqual({ usd: Number.MAX_VALUE });
  });

  it('counts the units of earlier attempts to the most that a task may have', async () => {
    const spends = agent(
      'spends',
      (_, ctx) => {
        ctx.cost(Object.fromEntries(Array.from({ length: 16 }, (__, no) => [`${ctx.attempt.number}-${no}`, 1])));
        throw new Error('again');
      },
      RETRY,
    );
    const engine = await lab.start([spends]);
    const { id } = await run(engine, 'spends');

    expect((await tasksOf(engine, id)).get('a')!.error!.message).toContain('48 units');
    expect(Object.keys(await totalOf(engine, id))).toHaveLength(32);
  });

  it('is said for each item of a batch', async () => {
    const batched = defineAgent({
      name: 'batched',
      input: z.number(),
      output: z.number(),
      batch: { maxSize: 2, maxWait: '20ms' },
      executeBatch: (inputs, ctx) => {
        for (const [index, item] of ctx.items.entries()) ctx.cost({ ...item }, { tokens: inputs[index]! });
        for (const stranger of [{ ...ctx.items[0]!, fence: 99 }, { ...ctx.items[0]!, taskId: 'x:1' }, null as unknown as BatchItem])
          expect(() => ctx.cost(stranger, { tokens: 1 })).toThrow(expect.objectContaining({ code: 'OPTIONS_INVALID' }));
        expect(() => ctx.cost(ctx.items[0]!, { tokens: -1 })).toThrow(expect.objectContaining({ code: 'OPTIONS_INVALID' }));
        return Promise.resolve(inputs.map((value) => ({ status: 'fulfilled' as const, value })));
      },
    });
    const engine = await lab.start([batched]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'a', agent: 'batched', input: 10 },
        { key: 'b', agent: 'batched', input: 20 },
      ],
    });
    await handle.result();

    expect(await costsOf(engine, handle.id)).toEqual({ a: { tokens: 10 }, b: { tokens: 20 } });
  });
});

describe('what a job has spent', () => {
  /** Two stories, the second with a task that asks for another one, and a task beside them. */
  async function spent(): Promise<{ readonly engine: Engine; readonly id: string }> {
    const spends = agent('spends', (tokens: number, ctx) => ctx.cost({ tokens }));
    const asks = agent('asks', async (tokens: number, ctx) => {
      const child = await ctx.need(spends, tokens);
      ctx.cost({ usd: 0.5 });
      return child;
    });
    const engine = await lab.start([spends, asks, echo]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'one', type: 'STORY', name: 'One' },
        { key: 'a', agent: 'spends', parent: 'one', input: 1 },
        { key: 'b', agent: 'spends', parent: 'one', input: 2 },
        { key: 'two', type: 'STORY' },
        { key: 'c', agent: 'asks', parent: 'two', input: 30 },
        { key: 'three', type: 'STORY' },
        { key: 'free', agent: 'echo', parent: 'three' },
        { key: 'd', agent: 'spends', input: 400 },
      ],
    });
    await handle.result();
    return { engine, id: handle.id };
  }

  it('is that of all its tasks, and that of each story of what is below it', async () => {
    const { engine, id } = await spent();

    expect(await engine.jobCost(id)).toEqual({
      cost: { tokens: 433, usd: 0.5 },
      stories: [
        { taskId: `${id}:1`, key: 'one', name: 'One', cost: { tokens: 3 } },
        { taskId: `${id}:4`, key: 'two', name: 'two', cost: { tokens: 30, usd: 0.5 } },
        { taskId: `${id}:6`, key: 'three', name: 'three', cost: {} },
      ],
    });
    expect((await refusal(engine.jobCost('nowhere'))).code).toBe('NOT_FOUND');
  });

  it('stands in its report, for each task with and without what is below it', async () => {
    const { engine, id } = await spent();
    const report = await engine.jobReport(id);

    expect(report.cost).toEqual({ tokens: 433, usd: 0.5 });
    const ofTasks = Object.fromEntries(report.tasks.map(({ key, cost, totalCost }) => [key, [cost, totalCost]]));
    expect(ofTasks).toMatchObject({
      objective: [{}, { tokens: 433, usd: 0.5 }],
      one: [{}, { tokens: 3 }],
      a: [{ tokens: 1 }, { tokens: 1 }],
      c: [{ usd: 0.5 }, { tokens: 30, usd: 0.5 }],
      free: [{}, {}],
    });
    expect((await engine.jobReport(id, { maxTasks: 3 })).cost).toEqual({ tokens: 433, usd: 0.5 });
  });

  it('is shown in detailed drawings', async () => {
    const { engine, id } = await spent();
    const nodesOf = async (detail: 'SIMPLE' | 'DETAILED'): Promise<{ key: string; cost?: Cost; totalCost?: Cost }[]> =>
      (JSON.parse(await engine.jobGraph(id, { format: 'JSON', detail })) as { nodes: { key: string; cost?: Cost; totalCost?: Cost }[] })
        .nodes;
    const nodes = new Map((await nodesOf('DETAILED')).map((node) => [node.key, node]));

    expect(nodes.get('c')).toMatchObject({ cost: { usd: 0.5 }, totalCost: { tokens: 30, usd: 0.5 } });
    expect(nodes.get('two')).toMatchObject({ totalCost: { tokens: 30, usd: 0.5 } });
    expect(nodes.get('two')).not.toHaveProperty('cost');
    expect(nodes.get('free')).not.toHaveProperty('totalCost');
    for (const node of await nodesOf('SIMPLE')) expect(node).not.toHaveProperty('totalCost');
    expect(await engine.jobGraph(id, { format: 'DOT', detail: 'DETAILED' })).toContain('spent 400 tokens');
  });

  it('goes on to count what is superseded, and is there when all has ended', async () => {
    let runs = 0;
    const spends = agent('spends', (tokens: number, ctx) => ctx.cost({ tokens }));
    const asks = agent('asks', async (_, ctx) => {
      runs += 1;
      await ctx.need(spends, runs === 1 ? 1 : 10, { key: 'question' });
      if (runs === 2) throw new Error('no');
    });
    const engine = await lab.start([spends, asks]);
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'asks' }] });
    await refusal(handle.result());
    await engine.retryJob(handle.id);
    await engine.job(handle.id).result();
    const tasks = await tasksOf(engine, handle.id);

    expect([...tasks.values()].some(({ statusReason }) => statusReason === 'SUPERSEDED')).toBe(true);
    const costs = Object.values(await costsOf(engine, handle.id)).map(({ tokens }) => tokens!);
    expect(costs.toSorted((a, b) => a - b)).toEqual([1, 10]);
    expect(await totalOf(engine, handle.id)).toEqual({ tokens: 11 });
    expect((await engine.jobReport(handle.id)).tasks[0]!.totalCost).toEqual(await totalOf(engine, handle.id));
  });
});
