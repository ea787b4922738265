import { describe, expect, it } from '@jest/globals';

import type { Engine } from '../../src/index.js';
import { agent, counted, echo } from '../helpers/agents.js';
import { aborted, forever, Gate } from '../helpers/gate.js';
import { ended, eventOf, eventsOf, outputOf, refusal, statusesOf, taskOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import { eventLoopTurns } from '../helpers/virtual-clock.js';

const lab = useLab();

const idOf = async (engine: Engine, jobId: string, key: string): Promise<string> => (await taskOf(engine, jobId, key)).id;

/** A chain of two: the first waits at the gate. */
async function chain() {
  const gate = new Gate<string>();
  const after = counted('after', (input: unknown) => input);
  const definitions = [agent('waits', () => gate.pass()), after.agent, echo];
  const engine = await lab.start(definitions);
  const { id } = await engine.submitJob({
    name: 'job',
    tasks: [
      { key: 'w', agent: 'waits' },
      { key: 'story', type: 'STORY', dependsOn: ['w'] },
      { key: 'a', agent: 'after', parent: 'story', input: 1 },
      { key: 'b', agent: 'after', parent: 'story', input: 2, dependsOn: ['a'] },
    ],
  });
  await gate.reached();
  return { engine, id, gate, after, definitions };
}

describe('a paused job', () => {
  it('lets what runs end, starts nothing more, shows as PAUSED, and goes on when it is resumed; with who and why', async () => {
    const { engine, id, gate, after } = await chain();
    expect(await engine.pauseJob(id, { actor: 'anna', reason: 'look first' })).toMatchObject({ status: 'PAUSED' });
    gate.open('done');
    await eventOf(engine, id, 'TASK_COMPLETED', 'w');
    await eventLoopTurns();
    expect(after.starts).toEqual([]);
    expect(await taskOf(engine, id, 'a')).toMatchObject({ status: 'READY' });
    expect(await engine.resumeJob(id, { actor: 'ben' })).toMatchObject({ status: 'RUNNING' });

    expect((await ended(engine, id)).status).toBe('COMPLETED');
    expect(after.starts).toEqual(['a', 'b']);
    const holds = (await eventsOf(engine, id)).filter(({ type }) => type.startsWith('HOLD'));
    expect(holds).toMatchObject([
      { type: 'HOLD_PLACED', actor: 'user:anna', data: { reason: 'look first' } },
      { type: 'HOLD_LIFTED', actor: 'user:ben' },
    ]);
  });

  it('stays paused across a restart', async () => {
    const { engine: first, id, after, definitions, gate } = await chain();
    await first.pauseJob(id);
    gate.open('done');
    await eventOf(first, id, 'TASK_COMPLETED', 'w');
    const engine = await lab.restart(first, definitions);
    await eventLoopTurns();
    expect((await engine.job(id).status()).status).toBe('PAUSED');
    expect(after.starts).toEqual([]);
    await engine.resumeJob(id);
    expect((await ended(engine, id)).status).toBe('COMPLETED');
  });

  it('can be cancelled, and to pause or resume it twice is one event each', async () => {
    const { engine, id, gate } = await chain();
    await Promise.all([engine.pauseJob(id), engine.pauseJob(id)]);
    await engine.resumeJob(id);
    await engine.resumeJob(id);
    await engine.pauseJob(id);
    expect((await engine.cancelJob(id)).status).toBe('CANCELLED');
    expect((await eventsOf(engine, id)).filter(({ type }) => type === 'HOLD_PLACED')).toHaveLength(2);
    expect((await refusal(engine.pauseJob(id))).code).toBe('JOB_ALREADY_TERMINAL');
    expect((await refusal(engine.resumeJob(id))).code).toBe('JOB_ALREADY_TERMINAL');
    expect((await refusal(engine.pauseJob('nonsense'))).code).toBe('NOT_FOUND');
    gate.open('late');
  });

  it('starts no task once `pauseJob` has resolved, however many are ready at that moment', async () => {
    const held = { yet: false };
    const late: string[] = [];
    const gate = new Gate();
    const work = agent('work', async (_: unknown, ctx) => {
      if (held.yet) late.push(ctx.task.key);
      await gate.pass();
    });
    const engine = await lab.start([work], { maxParallel: 3 });
    const tasks = Array.from({ length: 30 }, (_, n) => ({ key: `t${n}`, agent: 'work' }));
    const { id } = await engine.submitJob({ name: 'job', tasks });
    await gate.reached(3);
    await engine.pauseJob(id);
    held.yet = true;
    gate.open();
    await eventOf(engine, id, 'TASK_COMPLETED', 't2');
    await eventLoopTurns();
    expect(late).toEqual([]);
    held.yet = false;
    await engine.resumeJob(id);
    expect((await ended(engine, id)).success).toBe(true);
  });
});

describe('a paused task', () => {
  it('holds back what is below it, while the rest of the job goes on', async () => {
    const { engine, id, gate, after } = await chain();
    const story = await idOf(engine, id, 'story');
    expect(await engine.pauseTask(story)).toMatchObject({ held: true });
    gate.open('done');
    await eventOf(engine, id, 'TASK_COMPLETED', 'w');
    await eventLoopTurns();
    expect((await engine.job(id).status()).status).toBe('RUNNING');
    expect(after.starts).toEqual([]);
    expect(await engine.resumeTask(story)).toMatchObject({ held: false });
    expect((await ended(engine, id)).success).toBe(true);
  });

  it('does not stop an attempt that runs already, only the next', async () => {
    const gate = new Gate();
    let runs = 0;
    const flaky = agent(
      'flaky',
      async () => {
        runs += 1;
        if (runs > 1) return;
        await gate.pass();
        throw new Error('once');
      },
      { retry: { maxAttempts: 2, backoff: 'none' } },
    );
    const engine = await lab.start([flaky]);
    const { id } = await engine.submitJob({ name: 'job', tasks: [{ key: 't', agent: 'flaky' }] });
    await gate.reached();
    const task = await idOf(engine, id, 't');
    await engine.pauseTask(task);
    gate.open();
    await eventOf(engine, id, 'TASK_RETRY_SCHEDULED', 't');
    await eventLoopTurns();
    expect(runs).toBe(1);
    await engine.resumeTask(task);
    expect((await ended(engine, id)).success).toBe(true);
  });

  it('is refused where there is no open task to hold', async () => {
    const { engine, id, gate } = await chain();
    const done = await idOf(engine, id, 'w');
    for (const wrong of ['', 'nonsense', `${done}x`, done.replace(/.$/, '99')])
      expect((await refusal(engine.pauseTask(wrong))).code).toBe('NOT_FOUND');
    gate.open('done');
    await ended(engine, id);
    expect((await refusal(engine.pauseTask(done))).code).toBe('JOB_ALREADY_TERMINAL');
  });
});

describe('skipTask and cancelTask', () => {
  it('skip a task with what is below it, and what needs it', async () => {
    const { engine, id, gate } = await chain();
    await engine.skipTask(await idOf(engine, id, 'a'), { actor: 'anna', reason: 'known already' });
    gate.open('done');
    expect(await ended(engine, id)).toMatchObject({ status: 'COMPLETED', success: true });
    expect(await statusesOf(engine, id)).toEqual({
      w: 'COMPLETED',
      story: 'SKIPPED CHILDREN_SKIPPED',
      a: 'SKIPPED BY_PERSON',
      b: 'SKIPPED DEPENDENCY_SKIPPED',
    });
    expect((await taskOf(engine, id, 'a')).statusMessage).toContain('known already');
  });

  it.each(['skipTask', 'cancelTask'] as const)('%s aborts the attempt that runs, whose word counts no more', async (verb) => {
    const seen = new Gate<string>();
    const late = agent('late', async (_: unknown, ctx) => {
      await seen.pass();
      await aborted(ctx.signal);
      return 'too late';
    });
    const engine = await lab.start([late, echo]);
    const { id } = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 't', agent: 'late' },
        { key: 'rest', agent: 'echo', input: 1, dependsOn: [{ task: 't', mode: 'settled' }] },
      ],
    });
    await seen.reached();
    seen.open('');
    const view = await engine[verb](await idOf(engine, id, 't'), { reason: 'no longer wanted' });
    expect(view).toMatchObject({ status: verb === 'skipTask' ? 'SKIPPED' : 'CANCELLED', statusReason: 'BY_PERSON' });
    expect((await ended(engine, id)).status).toBe('COMPLETED');
    expect(await outputOf(engine, id, 't')).toBeUndefined();
    expect((await taskOf(engine, id, 'rest')).status).toBe('COMPLETED');
  });

  it('race a completion cleanly: one of both wins, and the other is refused', async () => {
    for (let round = 0; round < 12; round += 1) {
      const gate = new Gate<string>();
      const engine = await lab.start([agent('waits', () => gate.pass())], { file: `race-${round}.db` });
      const { id } = await engine.submitJob({ name: 'job', tasks: [{ key: 't', agent: 'waits' }] });
      await gate.reached();
      const task = await idOf(engine, id, 't');
      gate.open('done');
      await eventLoopTurns(round % 4);
      const code = await engine.cancelTask(task).then(
        () => null,
        (error: { code: string }) => error.code,
      );
      await ended(engine, id);
      const { status } = await taskOf(engine, id, 't');
      expect([status, code]).toEqual(code === null ? ['CANCELLED', null] : ['COMPLETED', code]);
      expect([null, 'ILLEGAL_MOVE', 'JOB_ALREADY_TERMINAL']).toContain(code);
      await lab.stop(engine);
    }
  });

  it('are refused for the objective, for what has ended, and for what there is not', async () => {
    const { engine, id, gate } = await chain();
    const objective = await idOf(engine, id, 'objective');
    const first = await idOf(engine, id, 'w');
    await engine.pauseJob(id);
    gate.open('done');
    await eventOf(engine, id, 'TASK_COMPLETED', 'w');
    for (const verb of ['skipTask', 'cancelTask'] as const) {
      expect((await refusal(engine[verb](objective))).message).toMatch(/do it to the job/);
      expect((await refusal(engine[verb](first))).message).toMatch(/"w" is COMPLETED/);
      expect((await refusal(engine[verb]('nonsense'))).code).toBe('NOT_FOUND');
    }
    await engine.resumeJob(id);
    await ended(engine, id);
    expect((await refusal(engine.skipTask(first))).code).toBe('JOB_ALREADY_TERMINAL');
  });
});

describe('a task of an open job that is retried', () => {
  it('runs again with what depends on it; what it had spawned is superseded, and what waited for that goes on', async () => {
    const gate = new Gate();
    const parent = counted('parent', async (_: unknown, ctx) => {
      await ctx.spawn('echo', 1);
      return 'x';
    });
    const engine = await lab.start([parent.agent, echo, agent('waits', () => gate.pass())]);
    const { id } = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'p', agent: 'parent' },
        { key: 'w', agent: 'waits' },
      ],
    });
    await eventOf(engine, id, 'TASK_COMPLETED', 'p');
    const view = await engine.retryTask(await idOf(engine, id, 'p'), { reason: 'again', actor: 'anna' });
    expect(view).toMatchObject({ generation: 2 });
    await eventOf(engine, id, 'TASK_COMPLETED', 'p.echo-2');
    gate.open();

    expect((await ended(engine, id)).success).toBe(true);
    expect(parent.starts).toEqual(['p', 'p']);
    expect(await statusesOf(engine, id)).toEqual({
      p: 'COMPLETED',
      w: 'COMPLETED',
      'p.echo': 'CANCELLED SUPERSEDED',
      'p.echo-2': 'COMPLETED',
    });
    expect((await eventsOf(engine, id)).find(({ type }) => type === 'TASKS_REOPENED')).toMatchObject({ actor: 'user:anna' });
  });

  it('is refused while it is open', async () => {
    const engine = await lab.start([agent('stuck', () => forever())], { grace: 0 });
    const { id } = await engine.submitJob({ name: 'job', tasks: [{ key: 't', agent: 'stuck' }] });
    await eventOf(engine, id, 'TASK_STARTED', 't');
    expect((await refusal(engine.retryTask(await idOf(engine, id, 't')))).code).toBe('ILLEGAL_MOVE');
    await engine.cancelJob(id);
  });
});

describe('a job that is submitted twice by its transport (B7)', () => {
  it('runs once, and both submissions are answered with it', async () => {
    const work = counted('work');
    const engine = await lab.start([work.agent]);
    const submit = () => engine.submitJob({ name: 'job', tasks: [{ key: 't', agent: 'work' }], options: { idempotencyKey: 'delivery-1' } });
    const [one, two] = await Promise.all([submit(), submit()]);
    await ended(engine, one.id);

    expect(two.id).toBe(one.id);
    expect((await submit()).id).toBe(one.id);
    expect(work.starts).toEqual(['t']);
  });
});
