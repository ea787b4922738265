import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { defineWorkflow, task, type Engine, type GraphError, type JobHandle } from '../../src/index.js';
import { agent, echo } from '../helpers/agents.js';
import { Gate } from '../helpers/gate.js';
import { eventOf, refusal, taskOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';

const lab = useLab();

/** An agent that waits until the test lets it go on. */
function waiting(): { agent: ReturnType<typeof agent>; gate: Gate } {
  const gate = new Gate();
  return { agent: agent('waits', () => gate.pass()), gate };
}

async function ending(handle: JobHandle, gate: Gate): Promise<void> {
  gate.open();
  await handle.result();
}

describe('progress', () => {
  it('of a run of four tasks that is half done is 50, with a history of each task (B8)', async () => {
    const { agent: waits, gate } = waiting();
    const engine = await lab.start([echo, waits]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'a', agent: 'echo' },
        { key: 'b', agent: 'echo' },
        { key: 'c', agent: 'waits', dependsOn: ['a', 'b'] },
        { key: 'd', agent: 'echo', dependsOn: ['c'] },
      ],
    });
    await gate.reached();

    expect((await handle.status()).progress).toBe(50);
    expect(await engine.jobProgress(handle.id)).toMatchObject({ percent: 50, weight: 4 });
    const history = await engine.reader.taskHistory({ jobId: handle.id, no: 1 });
    expect(history.map(({ type }) => type)).toEqual(['TASK_STARTED', 'TASK_COMPLETED']);
    expect(history.every(({ at }) => at > 0)).toBe(true);

    await ending(handle, gate);
    expect((await handle.status()).progress).toBe(100);
    expect((await engine.jobProgress(handle.id)).percent).toBe(100);
  });

  it('is weighted by what tasks declare, per story and in the job, and counts what a running agent reports', async () => {
    const gate = new Gate();
    const reports = agent('reports', async (_, ctx) => {
      ctx.progress(50);
      await gate.pass();
    });
    const engine = await lab.start([echo, reports]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'one', type: 'STORY', name: 'One' },
        { key: 'a', agent: 'echo', parent: 'one', weight: 3 },
        { key: 'b', agent: 'reports', parent: 'one', dependsOn: ['a'] },
        { key: 'two', type: 'STORY' },
        { key: 'c', agent: 'echo', parent: 'two', dependsOn: ['one'], weight: 4 },
        { key: 'free', agent: 'echo', dependsOn: ['one'], weight: 0 },
      ],
    });
    await eventOf(engine, handle.id, 'TASK_PROGRESSED', 'b');

    expect(await engine.jobProgress(handle.id)).toEqual({
      percent: 43,
      weight: 8,
      stories: [
        { taskId: `${handle.id}:1`, key: 'one', name: 'One', percent: 87, weight: 4 },
        { taskId: `${handle.id}:4`, key: 'two', name: 'two', percent: 0, weight: 4 },
      ],
    });
    expect((await handle.status()).progress).toBe(43);
    expect(await engine.overallProgress()).toEqual({ percent: 43, jobs: 1 });
    expect(await taskOf(engine, handle.id, 'a')).toMatchObject({ weight: 3, progress: 100 });
    expect(await taskOf(engine, handle.id, 'b')).toMatchObject({ weight: 1, progress: 50 });
    await ending(handle, gate);
  });

  it('takes the weight from a workflow, also for each task of a map', async () => {
    const { agent: waits, gate } = waiting();
    const Wf = defineWorkflow({
      name: 'wf',
      input: z.object({}),
      plan: (flow) => {
        const list = flow.add(task(echo, [1, 2]).named('list').weight(2));
        const items = flow.map(list.out as never, (item) => task(echo, item).weight(3));
        flow.add(waits, {}).after(items);
      },
    });
    const engine = await lab.start([echo, waits, Wf]);
    const handle = await engine.startWorkflow(Wf, {});
    await gate.reached();

    expect(await engine.jobProgress(handle.id)).toMatchObject({ percent: Math.floor((100 * 8) / 9), weight: 9 });
    await ending(handle, gate);
  });

  it('over all jobs is that of the tasks of those that have not ended, each by its weight', async () => {
    const { agent: waits, gate } = waiting();
    const engine: Engine = await lab.start([echo, waits]);
    expect(await engine.overallProgress()).toEqual({ percent: 100, jobs: 0 });
    await (await engine.submitJob({ name: 'ended', tasks: [{ key: 'a', agent: 'echo' }] })).result();
    const one = await engine.submitJob({ name: 'one', tasks: [{ key: 'w', agent: 'waits' }] });
    const three = await engine.submitJob({
      name: 'three',
      tasks: [
        { key: 'a', agent: 'echo' },
        { key: 'b', agent: 'echo' },
        { key: 'w', agent: 'waits', dependsOn: ['a', 'b'], weight: 0.5 },
      ],
    });
    await gate.reached(2);

    // Two of three and a half.
    expect(await engine.overallProgress()).toEqual({ percent: 57, jobs: 2 });
    expect((await three.status()).progress).toBe(80);
    await ending(one, gate);
    await three.result();
  });

  it('of a job is in its row what its tasks come to, whatever happens to them, also after a restart', async () => {
    const gate = new Gate();
    const grows = agent('grows', async (_, ctx) => {
      if (ctx.attempt.reason === 'FIRST') {
        ctx.progress(40);
        await ctx.spawn(echo, 'more');
      }
      await ctx.need(echo, 'first');
      await gate.pass();
    });
    const fails = agent('fails', () => {
      throw new Error('no');
    });
    let engine = await lab.start([echo, grows, fails]);
    const { id } = await engine.submitJob({
      name: 'job',
      options: { failureStrategy: 'continue' },
      tasks: [
        { key: 'one', type: 'STORY' },
        { key: 'a', agent: 'grows', parent: 'one', weight: 2.5 },
        { key: 'b', agent: 'fails', parent: 'one', weight: 0.1, routeTo: 'c' },
        { key: 'c', agent: 'echo', parent: 'one', weight: 0.2 },
        { key: 'empty', type: 'STORY', dependsOn: ['a'] },
        { key: 'behind', agent: 'echo', dependsOn: ['one'], weight: 7 },
      ],
    });
    const isTold = async (): Promise<number> => {
      const { percent } = await engine.jobProgress(id);
      expect([(await engine.job(id).status()).progress, await engine.overallProgress()]).toEqual([percent, { percent, jobs: 1 }]);
      return percent;
    };
    await gate.reached();
    // 2.5 at 40 %, 0.3 and two echoes of 1 each, of 12.8 with the story that is empty.
    expect(await isTold()).toBe(Math.floor((100 * (0.4 * 2.5 + 0.3 + 2)) / 12.8));
    engine = await lab.restart(engine, [echo, grows, fails]);
    await gate.reached(2);
    await isTold();
    await engine.addTasks(id, [{ key: 'late', agent: 'echo', parent: 'empty', weight: 3 }]);
    expect(await isTold()).toBe(Math.floor((100 * (0.4 * 2.5 + 0.3 + 2)) / 14.8));

    gate.open();
    await engine.job(id).result();
    expect((await engine.job(id).status()).progress).toBe(100);
  });

  it('of a job that does not exist is not found', async () => {
    const engine = await lab.start([echo]);

    expect((await refusal(engine.jobProgress('nowhere'))).code).toBe('NOT_FOUND');
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, 1_000_001, '2' as unknown as number])('refuses a weight of %p', async (weight) => {
    const engine = await lab.start([echo]);
    const error = (await refusal(engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'echo', weight }] }))) as GraphError;

    expect(error.message).toContain('`weight` of "a"');
  });
});
