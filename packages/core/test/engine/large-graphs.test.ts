import { afterEach, describe, expect, it, jest } from '@jest/globals';

import { createEngine, FatalError } from '../../src/index.js';
import { agent, echo } from '../helpers/agents.js';
import { forever } from '../helpers/gate.js';
import { eventOf, eventsOf, refusal } from '../helpers/inspect.js';
import { SYNCHRONOUS, useLab } from '../helpers/lab.js';
import { slowSteps, turnsUntil } from '../helpers/turns.js';

const lab = useLab();

const chain = (length: number) =>
  Array.from({ length }, (_, n) => ({ key: `t${n}`, agent: 'stuck', ...(n > 0 ? { dependsOn: [`t${n - 1}`] } : undefined) }));

describe('a large graph', () => {
  it('of 20,000 tasks in a chain is accepted, begins, survives a restart and can be cancelled', async () => {
    const stuck = agent('stuck', forever);
    const first = await lab.start([stuck], { grace: 0 });
    const { id } = await first.submitJob({ name: 'chain', tasks: chain(20_000) });
    await eventOf(first, id, 'TASK_STARTED', 't0');
    const second = await lab.restart(first, [stuck], { grace: 0 });
    const view = await second.cancelJob(id);
    expect(view.counts.CANCELLED).toBe(20_001);
    expect((await eventsOf(second, id)).length).toBeLessThan(10);
  });

  it('of 100,000 tasks in a chain is as large as one may be: it begins, and one task more is refused (bad input F4)', async () => {
    // Not in the lab: its audit of so many tasks takes longer than the test.
    const engine = createEngine({ store: { path: ':memory:', synchronous: SYNCHRONOUS } });
    engine.register(agent('stuck', forever));
    await engine.start();
    const { id } = await engine.submitJob({ name: 'chain', tasks: chain(100_000) });
    await eventOf(engine, id, 'TASK_STARTED', 't0');
    const error = await refusal(engine.submitJob({ name: 'chain', tasks: chain(100_001) }));
    expect(error.code).toBe('GRAPH_LIMIT');
    expect(error.details).toMatchObject({ tasks: 100_001, limit: 100_000 });
    await engine.stop({ graceMs: 0 });
  });

  it('of 10,000 tasks in a circle is refused with a short circle', async () => {
    const engine = await lab.start([echo]);
    const tasks = Array.from({ length: 10_000 }, (_, n) => ({ key: `t${n}`, agent: 'echo', dependsOn: [`t${(n + 1) % 10_000}`] }));
    const error = await refusal(engine.submitJob({ name: 'ring', tasks }));
    expect(error.code).toBe('GRAPH_CYCLE');
    expect(error.message.length).toBeLessThan(1_000);
  });

  it('with 20,000 problems names a hundred of them at most, within seconds', async () => {
    const engine = await lab.start([]);
    const tasks = Array.from({ length: 20_000 }, (_, n) => ({ key: `t${n}`, agent: 'nobody', dependsOn: [`missing-${n}`] }));
    const error = await refusal(engine.submitJob({ name: 'broken', tasks }));
    expect(error.code).toBe('GRAPH_INVALID');
    expect(error.message).toContain('40000 problems');
    expect((error.details['problems'] as unknown[]).length).toBeLessThanOrEqual(100);
  });

  it('of 10,000 tasks below one runs, with one event for all that follows from an end', async () => {
    const engine = await lab.start([
      echo,
      agent('fails', () => {
        throw new Error('no');
      }),
    ]);
    const tasks = [
      { key: 'root', agent: 'fails' },
      ...Array.from({ length: 10_000 }, (_, n) => ({ key: `t${n}`, agent: 'echo', dependsOn: ['root'] })),
    ];
    const { id } = await engine.submitJob({ name: 'star', tasks, options: { failureStrategy: 'skip' } });
    await engine.job(id).result();
    const events = await eventsOf(engine, id);
    expect(events.length).toBeLessThan(20);
    expect((await engine.job(id).status()).counts.SKIPPED).toBe(10_000);
  });

  it('wide and two layers deep completes: 2,000 tasks that each wait for 20', async () => {
    const engine = await lab.start([echo], { maxParallel: 64 });
    const first = Array.from({ length: 200 }, (_, n) => ({ key: `a${n}`, agent: 'echo' }));
    const second = Array.from({ length: 2_000 }, (_, n) => ({
      key: `b${n}`,
      agent: 'echo',
      dependsOn: Array.from({ length: 20 }, (__, k) => `a${(n * 7 + k * 11) % 200}`),
    }));
    const { id } = await engine.submitJob({ name: 'wide', tasks: [...second, ...first] });
    await engine.job(id).result();
    expect((await engine.job(id).status()).counts.COMPLETED).toBe(2_201);
  });
});

describe('what is done with a large job', () => {
  afterEach(() => void jest.restoreAllMocks());

  const fails = (): never => {
    throw new FatalError('no');
  };
  const tasks = (count: number) =>
    Array.from({ length: count }, (_, n) => ({ key: `t${n}`, agent: 'work', failureStrategy: 'continue' }) as const);

  it('lets the event loop turn: taking it in, running it anew when it has ended, cancelling it', async () => {
    const TASKS = 4_000;
    let act: () => unknown = fails;
    const engine = await lab.start([agent('work', () => act())], { grace: 0, maxParallel: 50 });
    const ended = await engine.submitJob({ name: 'ended', tasks: tasks(TASKS) });
    await ended.result();
    act = forever;

    slowSteps();
    expect(await turnsUntil(engine.submitJob({ name: 'large', tasks: tasks(TASKS) }))).toBeGreaterThan(TASKS / 100);
    expect(await turnsUntil(engine.retryJob(ended.id))).toBeGreaterThan(TASKS / 100);
    expect(await turnsUntil(engine.cancelJob(ended.id))).toBeGreaterThan(TASKS / 200);
  });
});
