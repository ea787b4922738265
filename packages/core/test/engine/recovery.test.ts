import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { defineWorkflow, task } from '../../src/index.js';
import { loadSqliteDriver } from '../../src/store/sqlite/sqlite-driver.js';
import { agent, counted, echo } from '../helpers/agents.js';
import { forever, Gate } from '../helpers/gate.js';
import { eventOf, eventsOf, refusal, statusesOf, tasksOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import { eventLoopTurns, VirtualClock } from '../helpers/virtual-clock.js';

const lab = useLab();

/** Changes a database that no engine uses, behind the back of all. */
async function spoil(path: string, sql: string): Promise<void> {
  const driver = await loadSqliteDriver();
  const database = new driver(path);
  database.exec(sql);
  database.close();
}

describe('start()', () => {
  it('on a new database finds nothing, and makes the folder', async () => {
    const engine = lab.create([], { file: 'deep/er/jobs.db' });
    expect(await engine.start()).toEqual({ jobs: [], found: 0, requeued: 0, parked: 0, failed: 0 });
  });

  it('reports what goes on: unfinished jobs with their counts, and tasks that start again', async () => {
    const gate = new Gate();
    const waits = agent('waits', () => gate.pass());
    const Wf = defineWorkflow({ name: 'wf', input: z.object({}), plan: (flow) => void flow.add(waits, flow.add(echo, 1).out) });
    const first = await lab.start([echo, waits, Wf], { maxParallel: 10 });
    const done = await first.submitJob({ name: 'done', tasks: [{ key: 'a', agent: 'echo' }] });
    await done.result();
    const cancelled = await first.submitJob({ name: 'cancelled', tasks: [{ key: 'a', agent: 'waits' }] });
    await cancelled.cancel();
    const one = await first.startWorkflow(Wf, {});
    const two = await first.submitJob({
      name: 'two',
      tasks: [
        { key: 'a', agent: 'waits' },
        { key: 'b', agent: 'waits' },
        { key: 'c', agent: 'echo', dependsOn: ['a'] },
      ],
    });
    await gate.reached(4);
    await lab.stop(first);

    const second = lab.create([echo, waits, Wf]);
    const report = await second.start();
    expect(report).toEqual({
      jobs: [
        { id: one.id, name: 'wf', workflow: 'wf', openTasks: 2, finishedTasks: 1 },
        { id: two.id, name: 'two', workflow: null, openTasks: 4, finishedTasks: 0 },
      ],
      // A graceful stop had handed them back already.
      found: 0,
      requeued: 0,
      parked: 0,
      failed: 0,
    });
    gate.open();
    await Promise.all([second.job(one.id).result(), second.job(two.id).result()]);
  });

  it('may be called once; an engine that has stopped stays stopped', async () => {
    const engine = await lab.start([]);
    expect((await refusal(engine.start())).code).toBe('ILLEGAL_MOVE');
    await engine.stop();
    await engine.stop();
    expect((await refusal(engine.start())).code).toBe('ILLEGAL_MOVE');
  });
});

describe('a job that cannot be read any more', () => {
  it('does not keep the others from going on, and is counted in the report', async () => {
    const gate = new Gate();
    const waits = agent('waits', () => gate.pass());
    const first = await lab.start([waits], { maxParallel: 10 });
    const handles = await Promise.all(
      ['one', 'two', 'three'].map((name) => first.submitJob({ name, tasks: [{ key: 'a', agent: 'waits' }] })),
    );
    await gate.reached(3);
    await lab.stop(first);
    // As a half-restored backup or a stray hand may leave it.
    await spoil(
      lab.path(),
      `UPDATE taskloom_task SET status = 99 WHERE no = 1 AND job_no = (SELECT no FROM taskloom_job WHERE id = '${handles[1]!.id}')`,
    );
    const second = lab.create([waits]);
    const report = await second.start();
    expect(report.failed).toBe(1);
    expect(report.jobs.map(({ name }) => name)).toEqual(['one', 'three']);
    gate.open();
    await second.job(handles[0]!.id).result();
    await second.job(handles[2]!.id).result();
    await lab.stop(second);
    await spoil(lab.path(), 'UPDATE taskloom_task SET status = 1 WHERE status = 99');
    const third = await lab.start([waits]);
    await third.job(handles[1]!.id).result();
  });
});

describe('a start that fails', () => {
  it('gives the file back, so that another engine can have it', async () => {
    const first = await lab.start([]);
    await first.stop();
    await spoil(lab.path(), 'ALTER TABLE taskloom_job RENAME TO stolen');
    const broken = lab.create([]);
    await expect(broken.start()).rejects.toMatchObject({ code: expect.any(String) });
    await spoil(lab.path(), 'ALTER TABLE stolen RENAME TO taskloom_job');
    await lab.start([]);
  });
});

describe('after a restart', () => {
  it('finished tasks are not run again, what ran runs again, what waited goes on (M8)', async () => {
    const works = counted('works', (input: unknown) => input);
    let stuck = true;
    const waits = counted('waits', () => (stuck ? forever() : 'done'));
    const definitions = [works.agent, waits.agent];
    const first = await lab.start(definitions, { grace: 0 });
    const { id } = await first.submitJob({
      name: 'job',
      tasks: [
        { key: 'a', agent: 'works', input: 1 },
        { key: 'b', agent: 'works', input: { a: null }, refs: [{ at: '/a', task: 'a' }] },
        { key: 'w', agent: 'waits', dependsOn: ['b'] },
        {
          key: 'c',
          agent: 'works',
          input: [null, null],
          refs: [
            { at: '/0', task: 'w' },
            { at: '/1', task: 'b' },
          ],
        },
      ],
      output: { value: null, refs: [{ at: '', task: 'c' }] },
    });
    await eventOf(first, id, 'TASK_STARTED', 'w');
    stuck = false;
    const second = await lab.restart(first, definitions);
    expect(await second.job(id).result()).toEqual(['done', { a: 1 }]);
    expect(works.starts).toEqual(['a', 'b', 'c']);
    expect(waits.starts).toEqual(['w', 'w']);
  });

  it('the objective, stories, maps and questions that were under way come to their end', async () => {
    const gate = new Gate();
    let broken = true;
    const slow = counted('slow', async (input: unknown) => {
      if (broken) await gate.pass();
      return input;
    });
    const asks = counted('asks', async (n: number, ctx) => [n, await ctx.need('slow', n)]);
    const Wf = defineWorkflow({
      name: 'wf',
      input: z.object({}),
      output: z.unknown(),
      plan: (flow) => {
        const story = flow.story('Story');
        const list = story.add(echo, [1, 2, 3]);
        const mapped = story.map(list.out as never, (n) => task(asks.agent, n));
        const out = story.concludeWith(echo, mapped.out);
        return flow.add(echo, out).out;
      },
    });
    const definitions = [echo, slow.agent, asks.agent, Wf];
    const first = await lab.start(definitions, { maxParallel: 10 });
    const { id } = await first.startWorkflow(Wf, {});
    await gate.reached(3);
    broken = false;
    const second = await lab.restart(first, definitions, { maxParallel: 10 });
    expect(await second.job(id).result()).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    expect(slow.starts.sort()).toEqual([...new Set(slow.starts)].flatMap((key) => [key, key]));
    expect((await tasksOf(second, id)).size).toBe(1 + 1 + 1 + 1 + 3 + 3 + 1);
    gate.open();
  });

  it('events go on with the next number, and the job is still one', async () => {
    let stuck = true;
    const waits = agent('waits', () => (stuck ? forever() : 1));
    const first = await lab.start([waits], { grace: 0 });
    const { id } = await first.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'waits' }] });
    await eventOf(first, id, 'TASK_STARTED');
    stuck = false;
    const second = await lab.restart(first, [waits]);
    await second.job(id).result();
    const events = await eventsOf(second, id);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect(events.filter(({ taskKey }) => taskKey === 'a').map(({ type }) => type)).toEqual([
      'TASK_STARTED',
      'TASK_ABANDONED',
      'TASK_STARTED',
      'TASK_COMPLETED',
    ]);
  });

  it('settings of the job still hold: places, allowed agents, failure strategy, priorities', async () => {
    const gate = new Gate();
    let running = 0;
    let most = 0;
    const works = agent('works', async () => {
      most = Math.max(most, (running += 1));
      await eventLoopTurns(3);
      running -= 1;
    });
    const asks = agent('asks', (_, ctx) => ctx.need('echo', 1).catch((error: { code: string }) => error.code));
    const fails = agent('fails', () => {
      throw new Error('x');
    });
    const first = await lab.start([agent('works', () => gate.pass()), asks, echo, fails], { maxParallel: 10 });
    const { id } = await first.submitJob({
      name: 'job',
      tasks: [
        ...Array.from({ length: 5 }, (_, n) => ({ key: `w${n}`, agent: 'works' })),
        { key: 'asks', agent: 'asks', dependsOn: ['w0'] },
        { key: 'bad', agent: 'fails', dependsOn: ['w1'] },
      ],
      options: { maxParallel: 2, allowedAgents: ['works', 'asks', 'fails'], failureStrategy: 'skip' },
    });
    await gate.reached(2);
    const second = await lab.restart(first, [works, asks, echo, fails], { maxParallel: 10 });
    await second.job(id).result();
    expect(most).toBe(2);
    const asked = [...(await tasksOf(second, id)).values()].find(({ key }) => key === 'asks')!;
    expect((await second.reader.taskOutputs([asked], 100))[0]?.value).toBe('AGENT_NOT_ALLOWED');
    expect((await statusesOf(second, id))['bad']).toBe('FAILED ATTEMPTS_EXHAUSTED');
  });

  it('100 unfinished jobs all go on', async () => {
    const gate = new Gate();
    const waits = agent('waits', () => gate.pass());
    const first = await lab.start([waits, echo], { maxParallel: 4 });
    const ids = await Promise.all(
      Array.from(
        { length: 100 },
        async (_, n) =>
          (
            await first.submitJob({
              name: `job-${n}`,
              tasks: [
                { key: 'a', agent: 'waits' },
                { key: 'b', agent: 'echo', dependsOn: ['a'] },
              ],
            })
          ).id,
      ),
    );
    await gate.reached(4);
    await lab.stop(first);
    const second = lab.create([waits, echo], { maxParallel: 4 });
    const report = await second.start();
    expect(report.jobs.map(({ id }) => id)).toEqual(ids);
    gate.open();
    await Promise.all(ids.map((id) => second.job(id).result()));
  });

  it('a job without anything under way is not stuck: what was ready starts', async () => {
    const clock = new VirtualClock();
    const echoes = counted('echoes');
    const first = await lab.start([echoes.agent, agent('blocks', forever, { timeout: 0 })], { clock, maxParallel: 1, grace: 0 });
    await first.submitJob({ name: 'blocker', tasks: [{ key: 'a', agent: 'blocks', priority: 10 }] });
    const { id } = await first.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'echoes' }] });
    await clock.advance(10);
    expect(echoes.starts).toEqual([]);
    const second = await lab.restart(first, [echoes.agent, agent('blocks')], { maxParallel: 1 });
    await second.job(id).result();
    expect(echoes.starts).toEqual(['a']);
  });
});
