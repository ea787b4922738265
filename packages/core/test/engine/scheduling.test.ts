import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { createEngine, defineWorkflow, task, type Engine, type GraphError, type Ref, type TaskSubmission } from '../../src/index.js';
import { agent, counted, echo } from '../helpers/agents.js';
import { Gate } from '../helpers/gate.js';
import { refusal, tasksOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import { eventLoopTurns, VirtualClock } from '../helpers/virtual-clock.js';

const lab = useLab();

const gauge = (engine: Engine, limit: string) => engine.limitGauges().find((found) => found.limit === limit);
const idOf = async (engine: Engine, jobId: string, key: string): Promise<string> => (await tasksOf(engine, jobId)).get(key)!.id;

/** Agents of which each run waits until it is let go by its task's key. */
function held() {
  const gates = new Map<string, Gate>();
  const gateOf = (key: string): Gate => {
    let gate = gates.get(key);
    if (!gate) gates.set(key, (gate = new Gate()));
    return gate;
  };
  const running = new Set<string>();
  const most = { together: 0 };
  const run = async (_: unknown, ctx: { task: { key: string } }): Promise<void> => {
    running.add(ctx.task.key);
    most.together = Math.max(most.together, running.size);
    await gateOf(ctx.task.key).pass();
    running.delete(ctx.task.key);
  };
  return { run: run as never, running, most, letGo: (key: string) => gateOf(key).open(), reached: (key: string) => gateOf(key).reached() };
}

describe('the critical path', () => {
  it('lets the task start first that most others wait for in a row', async () => {
    const gate = new Gate();
    const note = counted('note');
    const engine = await lab.start([agent('waits', () => gate.pass()), note.agent], { maxParallel: 1 });
    const first = await engine.submitJob({ name: 'first', tasks: [{ key: 'w', agent: 'waits' }] });
    await gate.reached();
    const job = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'short', agent: 'note' },
        { key: 'long', agent: 'note' },
        { key: 'then', agent: 'note', dependsOn: ['long'] },
        { key: 'last', agent: 'note', dependsOn: ['then'] },
      ],
    });
    gate.open();
    await Promise.all([first.result(), job.result()]);

    expect(note.starts).toEqual(['long', 'then', 'short', 'last']);
  });
});

describe('B4: one worker', () => {
  /** The order in which tasks start that come while the only place is taken. */
  const orderOf = async (waiting: readonly (Omit<TaskSubmission, 'agent'> & { readonly afterMs?: number })[]): Promise<string[]> => {
    const clock = new VirtualClock();
    const gate = new Gate();
    const note = counted('note', () => null, { timeout: 0 });
    const engine = await lab.start([agent('waits', () => gate.pass(), { timeout: 0 }), note.agent], { clock, maxParallel: 1 });
    const jobs = [await engine.submitJob({ name: 'first', tasks: [{ key: 'w', agent: 'waits' }] })];
    await gate.reached();
    for (const { afterMs = 0, ...rest } of waiting) {
      await clock.advance(afterMs);
      jobs.push(await engine.submitJob({ name: 'job', tasks: [{ ...rest, agent: 'note' }] }));
    }
    gate.open();
    for (const job of jobs) await job.result();
    return note.starts;
  };
  const deadline = Date.UTC(2026, 5, 1);

  it('runs priority 9 with the sooner deadline, then 9, then 2 (B4)', async () => {
    const tasks = [
      { key: 'p2', priority: 2, deadline: deadline - 5 },
      { key: 'p9', priority: 9, deadline },
      { key: 'p9-sooner', priority: 9, deadline: deadline - 1 },
    ];
    expect(await orderOf(tasks)).toEqual(['p9-sooner', 'p9', 'p2']);
  });

  it('runs a task of priority 1 in the end, although tasks of 9 keep coming', async () => {
    const stream = Array.from({ length: 30 }, (_, n) => ({ key: `p9-${n}`, priority: 9, afterMs: 10_000 }));
    const order = await orderOf([{ key: 'p1', priority: 1 }, ...stream]);
    // Eight levels of 30 s: those that came before go first, those after do not.
    expect(order.indexOf('p1')).toBe(23);
  });
});

describe('B5: a pool', () => {
  it('of 1,000 never lets two tasks of 600 run at once, and its gauge shows the reservation', async () => {
    const work = held();
    const engine = await lab.start([agent('heavy', work.run, { resources: { memoryMb: 600 } })], { pools: { memoryMb: 1_000 } });
    const keys = ['a', 'b', 'c', 'd'];
    const job = await engine.submitJob({ name: 'job', tasks: keys.map((key) => ({ key, agent: 'heavy' })) });
    for (const [index, key] of keys.entries()) {
      await work.reached(key);
      await eventLoopTurns(5);
      expect([...work.running]).toEqual([key]);
      expect(gauge(engine, 'pool:memoryMb')).toEqual({
        limit: 'pool:memoryMb',
        kind: 'pool',
        taken: 600,
        capacity: 1_000,
        waiting: keys.length - index - 1,
      });
      if (index === 0) {
        const wait = { limit: 'pool:memoryMb', taken: 600, capacity: 1_000, demand: 600 };
        expect(engine.waitingFor(await idOf(engine, job.id, 'b'))).toEqual(wait);
        expect(engine.waitingFor(await idOf(engine, job.id, 'a'))).toBeNull();
      }
      work.letGo(key);
    }
    await job.result();
    expect(work.most.together).toBe(1);
    expect(gauge(engine, 'pool:memoryMb')).toMatchObject({ taken: 0, waiting: 0 });
  });

  it('is reserved by a task that says so in a submitted job, and shown with it', async () => {
    const work = held();
    const engine = await lab.start([agent('work', work.run), agent('heavy', work.run, { resources: { memoryMb: 100 } })], {
      pools: { memoryMb: 1_000 },
    });
    const tasks = [
      { key: 'a', agent: 'work', resources: { memoryMb: 600 } },
      { key: 'b', agent: 'heavy' },
      { key: 'c', agent: 'heavy', resources: { memoryMb: 200 } },
    ];
    const job = await engine.submitJob({ name: 'job', tasks });
    await Promise.all(['a', 'b', 'c'].map((key) => work.reached(key)));
    expect(gauge(engine, 'pool:memoryMb')).toMatchObject({ taken: 900, capacity: 1_000 });
    const shown = await tasksOf(engine, job.id);
    expect(['a', 'b', 'c'].map((key) => shown.get(key)?.resources)).toEqual([{ memoryMb: 600 }, { memoryMb: 100 }, { memoryMb: 200 }]);
    for (const key of ['a', 'b', 'c']) work.letGo(key);
    await job.result();
    const tooMuch = await refusal(engine.submitJob({ name: 'job', tasks: [{ ...tasks[0]!, resources: { memoryMb: 1_001 } }] }));
    expect(tooMuch.code).toBe('RESOURCES_EXCEEDED');
  });

  it('is kept by an agent that was told to stop until it has stopped', async () => {
    const work = held();
    const engine = await lab.start([agent('heavy', work.run, { resources: { gpu: 1 } })], { pools: { gpu: 1 } });
    const first = await engine.submitJob({ name: 'first', tasks: [{ key: 'a', agent: 'heavy' }] });
    await work.reached('a');
    const second = await engine.submitJob({ name: 'second', tasks: [{ key: 'b', agent: 'heavy' }] });
    await first.cancel();
    await eventLoopTurns(10);
    expect([...work.running]).toEqual(['a']);
    work.letGo('a');
    await work.reached('b');
    work.letGo('b');
    await second.result();
    expect(work.most.together).toBe(1);
  });

  it('is reserved by a task as the task says, also in a flow and in a map', async () => {
    const work = held();
    const heavy = agent('heavy', work.run, { resources: { cpu: 4 } });
    const Wf = defineWorkflow({
      name: 'wf',
      input: z.object({}),
      plan: (flow) => {
        const list = flow.add(task(echo, ['x', 'y']).named('list'));
        flow.map(list.out as Ref<string[]>, (item) => task(heavy, item).resources({ cpu: 2 }));
      },
    });
    const engine = await lab.start([heavy, echo, Wf], { pools: { cpu: 4 } });
    const job = await engine.startWorkflow(Wf, {});
    await Promise.all([work.reached('map-heavy.1'), work.reached('map-heavy.2')]);
    expect(gauge(engine, 'pool:cpu')).toMatchObject({ taken: 4 });
    work.letGo('map-heavy.1');
    work.letGo('map-heavy.2');
    await job.result();
  });
});

describe('a demand that could never be met', () => {
  const options = { pools: { memoryMb: 1_000 }, namedLimits: { openai: { concurrency: 1 } } };
  const problems = async (overrides: TaskSubmission['overrides']): Promise<unknown> => {
    const engine = await lab.start([echo], options);
    const error = (await refusal(
      engine.submitJob({ name: 'job', tasks: [{ key: 't', agent: 'echo', ...(overrides ? { overrides } : {}) }] }),
    )) as GraphError;
    expect((await engine.reader.jobs({}, { first: 1 })).items).toEqual([]);
    return { code: error.code, message: error.message, details: error.details };
  };

  it('is refused at submit, above the whole pool', async () => {
    expect(await problems({ resources: { memoryMb: 1_001 } })).toMatchObject({
      code: 'RESOURCES_EXCEEDED',
      message: '"t" needs 1001 of the pool "memoryMb", which has 1000 in all: it could never start.',
      details: { pool: 'memoryMb', demand: 1_001, capacity: 1_000 },
    });
  });

  it.each<[string, TaskSubmission['overrides'], string]>([
    ['a pool that is not there', { resources: { memoryMB: 1 } }, 'did you mean memoryMb?'],
    ['a limit that is not there', { limits: ['opnai'] }, 'did you mean openai?'],
  ])('is refused at submit, with the nearest name: %s', async (_, overrides, hint) => {
    expect(await problems(overrides)).toMatchObject({ code: 'UNKNOWN_LIMIT', message: expect.stringContaining(hint) as unknown });
  });

  it.each<[string, unknown]>([
    ['an amount of 0', { resources: { memoryMb: 0 } }],
    ['an amount in words', { resources: { memoryMb: '600' } }],
    ['resources that are none', { resources: 600 }],
    ['limits that are no list', { limits: 'openai' }],
    ['an empty key', { concurrencyKey: '' }],
    ['exclusive in words', { exclusive: 'yes' }],
  ])('is refused at submit when it is malformed: %s', async (_, overrides) => {
    expect(await problems(overrides as TaskSubmission['overrides'])).toMatchObject({ code: 'GRAPH_INVALID' });
  });

  it.each<[string, TaskSubmission['overrides']]>([
    ['RESOURCES_EXCEEDED', { resources: { memoryMb: 1_001 } }],
    ['UNKNOWN_LIMIT', { limits: ['opnai'] }],
    ['GRAPH_INVALID', { concurrencyKey: '' }],
  ])('is refused of tasks that join a running job, too: %s', async (code, overrides) => {
    const work = held();
    const engine = await lab.start([agent('waits', work.run), echo], options);
    const job = await engine.submitJob({ name: 'job', tasks: [{ key: 'w', agent: 'waits' }] });
    await work.reached('w');
    const added = engine.addTasks(job.id, [{ key: 't', agent: 'echo', ...(overrides ? { overrides } : {}) }]);
    expect(await refusal(added)).toMatchObject({ code, problems: [{ taskKey: 't' }] });
    expect([...(await tasksOf(engine, job.id)).keys()]).not.toContain('t');
    work.letGo('w');
    await job.result();
  });

  it('is refused when the agent is registered, and leaves the agent unknown', () => {
    const engine = lab.create([], options);
    const register = (settings: object) => () => engine.register(agent('heavy', () => null, settings));
    expect(register({ resources: { memoryMb: 2_000 } })).toThrow(expect.objectContaining({ code: 'RESOURCES_EXCEEDED' }));
    expect(register({ limits: ['none'] })).toThrow(expect.objectContaining({ code: 'UNKNOWN_LIMIT' }));
    expect(engine.agent('heavy')).toBeNull();
  });

  it('is no reason to fail when a smaller pool meets a task that was stored before: it takes the whole pool', async () => {
    const gate = new Gate();
    const waits = agent('waits', () => gate.pass());
    const work = counted('work');
    const first = await lab.start([waits, work.agent], { maxParallel: 1, pools: { memoryMb: 1_000 } });
    const job = await first.submitJob({
      name: 'job',
      tasks: [
        { key: 'w', agent: 'waits', priority: 10 },
        { key: 't', agent: 'work', overrides: { resources: { memoryMb: 900 } } },
      ],
    });
    await gate.reached();
    gate.open();
    const second = await lab.restart(first, [waits, work.agent], { pools: { memoryMb: 100 } });
    await second.job(job.id).result();
    expect(work.starts).toEqual(['t']);
  });
});

describe('a limit', () => {
  it('of a name is shared by agents and tasks', async () => {
    const work = held();
    const one = agent('one', work.run, { limits: ['api'] });
    const other = agent('other', work.run);
    const Wf = defineWorkflow({
      name: 'wf',
      input: z.object({}),
      plan: (flow) => {
        flow.add(task(one, 1).named('a').priority(10));
        flow.add(task(other, 1).named('b').priority(9).limits('api'));
        flow.add(task(other, 1).named('c').priority(1));
      },
    });
    const engine = await lab.start([one, other, Wf], { namedLimits: { api: { concurrency: 1 } } });
    const job = await engine.startWorkflow(Wf, {});
    await Promise.all([work.reached('a'), work.reached('c')]);
    await eventLoopTurns(5);
    expect([...work.running].toSorted()).toEqual(['a', 'c']);
    for (const key of ['a', 'b', 'c']) work.letGo(key);
    await job.result();
  });

  it('of a key lets one task of the same agent and key run at a time, over all jobs (single flight)', async () => {
    const work = held();
    const sync = agent('sync', work.run);
    const Wf = defineWorkflow({
      name: 'wf',
      input: z.object({ n: z.string() }),
      plan: (flow, { n }) => {
        for (const who of ['ann', 'bob']) flow.add(task(sync, who).named(`${who}-${n}`).concurrencyKey(who));
      },
    });
    const engine = await lab.start([sync, Wf]);
    const jobs = [await engine.startWorkflow(Wf, { n: '1' }), await engine.startWorkflow(Wf, { n: '2' })];
    await Promise.all([work.reached('ann-1'), work.reached('bob-1')]);
    await eventLoopTurns(10);
    expect([...work.running].toSorted()).toEqual(['ann-1', 'bob-1']);
    work.letGo('ann-1');
    await work.reached('ann-2');
    expect([...work.running].toSorted()).toEqual(['ann-2', 'bob-1']);
    for (const key of ['ann-2', 'bob-1', 'bob-2']) work.letGo(key);
    for (const job of jobs) await job.result();
  });

  it('of a key is as wide as its agent says, and an agent’s own key holds for tasks that name none', async () => {
    const work = held();
    const sync = agent('sync', work.run, { concurrencyPerKey: 2, concurrencyKey: 'all' });
    const engine = await lab.start([sync], { maxParallel: 8 });
    const job = await engine.submitJob({ name: 'job', tasks: ['a', 'b', 'c'].map((key) => ({ key, agent: 'sync' })) });
    await Promise.all([work.reached('a'), work.reached('b')]);
    await eventLoopTurns(10);
    expect(work.running.size).toBe(2);
    expect(engine.waitingFor(await idOf(engine, job.id, 'c'))).toMatchObject({ limit: 'key:sync#all', taken: 2, capacity: 2 });
    for (const key of ['a', 'b', 'c']) work.letGo(key);
    await job.result();
  });

  it('of a rate starts tasks when their time has come, by one timer and without polling', async () => {
    const clock = new VirtualClock();
    const startedAt: number[] = [];
    const mail = agent('mail', () => void startedAt.push(clock.monotonic()), { rate: { starts: 2, per: '1m' }, timeout: 0 });
    const engine = await lab.start([mail], { clock, monitor: false });
    await clock.advance(0);
    const idle = clock.pending;
    const job = await engine.submitJob({ name: 'job', tasks: Array.from({ length: 5 }, (_, n) => ({ key: `t${n}`, agent: 'mail' })) });
    await clock.advance(0);
    expect(startedAt).toEqual([0, 0]);
    expect(clock.pending).toBe(idle + 1);
    expect(engine.waitingFor(await idOf(engine, job.id, 't4'))).toEqual({
      limit: 'agent-rate:mail',
      taken: 2,
      capacity: 2,
      demand: 1,
      until: clock.now() + 60_000,
    });
    await clock.advance(59_999);
    expect(startedAt).toHaveLength(2);
    await clock.advance(1);
    expect(startedAt).toEqual([0, 0, 60_000, 60_000]);
    await clock.advance(60_000);
    await job.result();
    expect(startedAt).toEqual([0, 0, 60_000, 60_000, 120_000]);
  });

  it('of a rate can be shared by name', async () => {
    const clock = new VirtualClock();
    const work = counted('work', () => null, { limits: ['api'], timeout: 0 });
    const engine = await lab.start([work.agent], { clock, namedLimits: { api: { rate: { starts: 1, per: 1_000 } } } });
    const job = await engine.submitJob({ name: 'job', tasks: ['a', 'b'].map((key) => ({ key, agent: 'work' })) });
    await clock.advance(0);
    expect(work.starts).toEqual(['a']);
    await clock.advance(1_000);
    await job.result();
  });

  it.each<[string, object, TaskSubmission['overrides']]>([
    ['an exclusive agent', { exclusive: true }, undefined],
    ['an exclusive task', {}, { exclusive: true }],
  ])('of everything: the task of %s runs alone', async (_, settings, overrides) => {
    const work = held();
    const engine = await lab.start([agent('solo', work.run, settings), agent('plain', work.run)], { maxParallel: 4 });
    const first = await engine.submitJob({ name: 'first', tasks: ['a', 'b'].map((key) => ({ key, agent: 'plain' })) });
    await Promise.all([work.reached('a'), work.reached('b')]);
    const second = await engine.submitJob({
      name: 'second',
      tasks: [
        { key: 'solo', agent: 'solo', priority: 9, ...(overrides ? { overrides } : {}) },
        { key: 'c', agent: 'plain' },
      ],
    });
    await eventLoopTurns(10);
    work.letGo('a');
    work.letGo('b');
    await work.reached('solo');
    await eventLoopTurns(10);
    expect([...work.running]).toEqual(['solo']);
    work.letGo('solo');
    work.letGo('c');
    await Promise.all([first.result(), second.result()]);
  });
});

describe('G26: one job cannot starve others; limits are waits, not failures', () => {
  it('a limit of one place fails none of 1,000 tasks that wait for it', async () => {
    const work = counted('work', () => null, { concurrency: 1, resources: { gpu: 1 }, limits: ['api'] });
    const engine = await lab.start([work.agent], { pools: { gpu: 1 }, namedLimits: { api: { concurrency: 1 } } });
    const job = await engine.submitJob({ name: 'job', tasks: Array.from({ length: 1_000 }, (_, n) => ({ key: `t${n}`, agent: 'work' })) });
    await job.result();
    expect(await job.status()).toMatchObject({ success: true, counts: expect.objectContaining({ COMPLETED: 1_001, FAILED: 0 }) as object });
    expect(work.starts).toHaveLength(1_000);
  });

  it('a job that is flooded out waits at p95 at most three times as long as alone', async () => {
    const TASK_MS = 100;
    const run = async (floodTasks: number): Promise<number> => {
      const clock = new VirtualClock();
      const endedAt: number[] = [];
      const sleeps = (name: string, onEnd: () => void) =>
        agent(name, () => new Promise<void>((resolve) => clock.schedule(TASK_MS, () => (onEnd(), resolve()))), { timeout: 0 });
      const engine = await lab.start([sleeps('flood', () => undefined), sleeps('own', () => endedAt.push(clock.monotonic()))], {
        clock,
        maxParallel: 2,
        file: `flood-${floodTasks}.db`,
      });
      if (floodTasks > 0)
        await engine.submitJob({ name: 'flood', tasks: Array.from({ length: floodTasks }, (_, n) => ({ key: `t${n}`, agent: 'flood' })) });
      // The flood is older than an ageing interval when the other job comes.
      if (floodTasks > 0) await clock.advance(31_000);
      const from = clock.monotonic();
      const job = await engine.submitJob({ name: 'own', tasks: Array.from({ length: 40 }, (_, n) => ({ key: `t${n}`, agent: 'own' })) });
      await clock.advance(40 * TASK_MS * 3);
      expect((await job.status()).status).toBe('COMPLETED');
      await lab.stop(engine);
      return endedAt.map((at) => at - TASK_MS - from).toSorted((a, b) => a - b)[37]!;
    };
    const alone = await run(0);

    expect(await run(900)).toBeLessThanOrEqual(3 * alone);
  }, 60_000);
});

it('an engine without any of this has the process as its one limit', () => {
  expect(createEngine({ store: { path: ':memory:' }, maxParallel: 3 }).limitGauges()).toEqual([
    { limit: 'process', kind: 'process', taken: 0, capacity: 3, waiting: 0 },
  ]);
});
