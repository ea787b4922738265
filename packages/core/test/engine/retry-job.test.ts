import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { defineWorkflow, task, type Engine, type Ref } from '../../src/index.js';
import { agent, counted, echo } from '../helpers/agents.js';
import { forever } from '../helpers/gate.js';
import { ended, eventOf, eventsOf, outputOf, refusal, statusesOf, taskOf, tasksOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';

const lab = useLab();

/** An agent that fails as long as it is broken, and notes its starts. */
function breakable(name: string, broken = true) {
  const state = { broken };
  const noted = counted(name, (input: unknown) => {
    if (state.broken) throw new Error(`${name} is broken`);
    return input;
  });
  return { ...noted, repair: () => (state.broken = false), break: () => (state.broken = true) };
}

const idOf = async (engine: Engine, jobId: string, key: string): Promise<string> => (await taskOf(engine, jobId, key)).id;

describe('retryJob without a list', () => {
  it('runs what failed and what was skipped or cancelled by it; what completed is kept and not run again', async () => {
    const good = counted('good', (input: unknown) => input);
    const bad = breakable('bad');
    const engine = await lab.start([good.agent, bad.agent]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'kept', agent: 'good', input: 'kept' },
        { key: 'bad', agent: 'bad', input: 'x', dependsOn: ['kept'] },
        {
          key: 'after',
          agent: 'good',
          input: [null, null],
          refs: [
            { at: '/0', task: 'bad' },
            { at: '/1', task: 'kept' },
          ],
        },
      ],
      output: { value: null, refs: [{ at: '', task: 'after' }] },
    });
    expect((await ended(engine, handle.id)).status).toBe('FAILED');
    expect(good.starts).toEqual(['kept']);
    bad.repair();
    const view = await engine.retryJob(handle.id, { reason: 'repaired', actor: 'anna' });
    expect(view).toMatchObject({ status: 'RUNNING', generation: 2, success: null, error: null, finishedAt: null });
    expect(await handle.result()).toEqual(['x', 'kept']);
    expect(await handle.status()).toMatchObject({ status: 'COMPLETED', success: true });
    expect(good.starts).toEqual(['kept', 'after']);
    const tasks = await tasksOf(engine, handle.id);
    expect([tasks.get('kept')?.generation, tasks.get('bad')?.generation, tasks.get('after')?.generation]).toEqual([1, 2, 2]);
    const reopened = (await eventsOf(engine, handle.id)).find(({ type }) => type === 'JOB_REOPENED')!;
    expect(reopened).toMatchObject({ actor: 'user:anna', data: { reason: 'repaired' } });
  });

  it('runs what was skipped by a failure, too (Z7)', async () => {
    const bad = breakable('bad');
    const engine = await lab.start([bad.agent, echo]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'bad', agent: 'bad' },
        { key: 'after', agent: 'echo', dependsOn: ['bad'] },
      ],
      options: { failureStrategy: 'skip' },
    });
    expect(await ended(engine, handle.id)).toMatchObject({ status: 'COMPLETED', success: false });
    bad.repair();
    await engine.retryJob(handle.id);
    expect(await ended(engine, handle.id)).toMatchObject({ status: 'COMPLETED', success: true });
    expect(await statusesOf(engine, handle.id)).toEqual({ bad: 'COMPLETED', after: 'COMPLETED' });
  });

  it('goes on with a cancelled job', async () => {
    let stuck = true;
    const works = counted('works', () => (stuck ? forever() : 'done'));
    const engine = await lab.start([works.agent, echo], { grace: 0 });
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'a', agent: 'echo' },
        { key: 'b', agent: 'works', dependsOn: ['a'] },
        { key: 'c', agent: 'echo', dependsOn: ['b'] },
      ],
    });
    await eventOf(engine, handle.id, 'TASK_STARTED', 'b');
    await handle.cancel();
    stuck = false;
    await engine.retryJob(handle.id);
    expect(await ended(engine, handle.id)).toMatchObject({ status: 'COMPLETED', success: true });
    expect(works.starts).toEqual(['b', 'b']);
  });

  it('may fail again, and be retried again: each time a generation more', async () => {
    const bad = breakable('bad');
    const engine = await lab.start([bad.agent]);
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'bad' }] });
    for (const generation of [2, 3, 4]) {
      await ended(engine, handle.id);
      expect((await engine.retryJob(handle.id)).generation).toBe(generation);
    }
    await ended(engine, handle.id);
    expect(await taskOf(engine, handle.id, 'a')).toMatchObject({ status: 'FAILED', generation: 4, attempt: 1 });
    expect(bad.starts).toHaveLength(4);
  });

  it('leaves what was skipped for another reason skipped: its condition, its own wish', async () => {
    const bad = breakable('bad');
    const skips = counted('skips', (_, ctx) => ctx.skip('not here'));
    const engine = await lab.start([bad.agent, echo, skips.agent]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'flag', agent: 'echo', input: false },
        { key: 'bad', agent: 'bad' },
        { key: 'conditional', agent: 'echo', when: { task: 'flag' }, dependsOn: ['bad'] },
        { key: 'skips', agent: 'skips' },
        { key: 'both', agent: 'echo', dependsOn: ['skips', 'bad'] },
      ],
      options: { failureStrategy: 'skip' },
    });
    await ended(engine, handle.id);
    bad.repair();
    await engine.retryJob(handle.id);
    expect(await ended(engine, handle.id)).toMatchObject({ status: 'COMPLETED', success: true });
    expect(await statusesOf(engine, handle.id)).toEqual({
      flag: 'COMPLETED',
      bad: 'COMPLETED',
      conditional: 'SKIPPED CONDITION_FALSE',
      skips: 'SKIPPED AGENT_SKIPPED',
      both: 'SKIPPED DEPENDENCY_SKIPPED',
    });
    expect(skips.starts).toHaveLength(1);
  });

  it('of a job in which nothing failed is refused, and changes nothing', async () => {
    const engine = await lab.start([echo]);
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'echo' }] });
    await handle.result();
    const { lastSeq } = await handle.status();
    const error = await refusal(engine.retryJob(handle.id));
    expect(error.code).toBe('ILLEGAL_MOVE');
    expect(await handle.status()).toMatchObject({ status: 'COMPLETED', lastSeq });
  });

  it('of a running job is refused; of one that does not exist, NOT_FOUND', async () => {
    const engine = await lab.start([agent('stuck', forever)], { grace: 0 });
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'stuck' }] });
    expect((await refusal(engine.retryJob(handle.id))).code).toBe('ILLEGAL_MOVE');
    expect((await refusal(engine.retryJob('nowhere'))).code).toBe('NOT_FOUND');
    await handle.cancel();
  });

  it('20 times at once reopens once', async () => {
    const bad = breakable('bad');
    const engine = await lab.start([bad.agent]);
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'bad' }] });
    await ended(engine, handle.id);
    bad.repair();
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => engine.retryJob(handle.id)));
    await handle.result();
    expect((await eventsOf(engine, handle.id)).filter(({ type }) => type === 'JOB_REOPENED')).toHaveLength(
      results.filter(({ status }) => status === 'fulfilled').length,
    );
    expect(bad.starts).toHaveLength(2);
  });
});

describe('retryJob of chosen tasks', () => {
  it('is refused where they are none of its own, or no list', async () => {
    const engine = await lab.start([agent('quick')]);
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'quick' }] });
    await handle.result();

    for (const tasks of [5, 'x', {}, Symbol('x')] as never[])
      expect(await refusal(engine.retryJob(handle.id, { tasks }))).toMatchObject({
        code: 'OPTIONS_INVALID',
        message: expect.stringMatching(/^`tasks` is .*; it must be a list of ids of tasks\.$/),
      });
    for (const unknown of ['x:1', 5, Symbol('x')] as never[])
      expect(await refusal(engine.retryJob(handle.id, { tasks: [unknown] }))).toMatchObject({
        code: 'NOT_FOUND',
        message: `There is no task ${String(unknown)} in job ${handle.id}.`,
        details: { jobId: handle.id, task: unknown === 5 ? 5 : String(unknown) },
      });
    expect(await refusal(engine.retryJob(Symbol('x') as never, { tasks: ['x:1'] }))).toMatchObject({
      code: 'NOT_FOUND',
      message: 'There is no job Symbol(x).',
    });
    expect((await handle.status()).status).toBe('COMPLETED');
  });

  it('runs them and everything downstream again, and nothing else', async () => {
    const works = counted('works', (_, ctx) => `${ctx.task.key} in generation ${ctx.idempotencyKey.split(':').at(-1)}`);
    const engine = await lab.start([works.agent]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'a', agent: 'works' },
        { key: 'b', agent: 'works', dependsOn: ['a'] },
        { key: 'c', agent: 'works', dependsOn: ['b'] },
        { key: 'd', agent: 'works', dependsOn: ['a'] },
      ],
    });
    await handle.result();
    works.starts.length = 0;
    await engine.retryJob(handle.id, { tasks: [await idOf(engine, handle.id, 'b')] });
    await handle.result();
    expect(works.starts).toEqual(['b', 'c']);
    expect(await outputOf(engine, handle.id, 'c')).toBe('c in generation 2');
    expect(await outputOf(engine, handle.id, 'd')).toBe('d in generation 1');
  });

  it('takes what waits for a story above them along, and the story itself ends anew', async () => {
    const works = counted('works');
    const engine = await lab.start([works.agent]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 's', type: 'STORY', agent: 'works' },
        { key: 'one', agent: 'works', parent: 's' },
        { key: 'two', agent: 'works', parent: 's' },
        { key: 'after', agent: 'works', dependsOn: ['s'] },
        { key: 'beside', agent: 'works' },
      ],
    });
    await handle.result();
    works.starts.length = 0;
    await engine.retryJob(handle.id, { tasks: [await idOf(engine, handle.id, 'one')] });
    await handle.result();
    expect(works.starts).toEqual(['one', 's', 'after']);
  });

  it('of a story runs everything in it', async () => {
    const works = counted('works');
    const engine = await lab.start([works.agent]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 's', type: 'STORY' },
        { key: 'one', agent: 'works', parent: 's' },
        { key: 'two', agent: 'works', parent: 's', dependsOn: ['one'] },
      ],
    });
    await handle.result();
    works.starts.length = 0;
    await engine.retryJob(handle.id, { tasks: [await idOf(engine, handle.id, 's')] });
    await handle.result();
    expect(works.starts).toEqual(['one', 'two']);
  });

  it('whose dependency has failed and is not chosen skips them again, with the cause', async () => {
    const bad = breakable('bad');
    const engine = await lab.start([bad.agent, echo]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'bad', agent: 'bad' },
        { key: 'after', agent: 'echo', dependsOn: ['bad'] },
        { key: 'free', agent: 'echo' },
      ],
      options: { failureStrategy: 'skip' },
    });
    await ended(engine, handle.id);
    await engine.retryJob(handle.id, { tasks: [await idOf(engine, handle.id, 'after'), await idOf(engine, handle.id, 'free')] });
    expect((await ended(engine, handle.id)).status).toBe('COMPLETED');
    expect(await statusesOf(engine, handle.id)).toMatchObject({ after: 'SKIPPED DEPENDENCY_FAILED', free: 'COMPLETED' });
  });

  it('decides conditions anew when their source runs again', async () => {
    let flag = true;
    const source = agent('source', () => flag);
    const engine = await lab.start([source, echo]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'source', agent: 'source' },
        { key: 'then', agent: 'echo', when: { task: 'source' } },
      ],
    });
    for (const expected of ['COMPLETED', 'SKIPPED CONDITION_FALSE', 'COMPLETED']) {
      await handle.result();
      expect((await statusesOf(engine, handle.id))['then']).toBe(expected);
      flag = !flag;
      await engine.retryJob(handle.id, { tasks: [await idOf(engine, handle.id, 'source')] });
    }
    await handle.result();
  });

  it.each([
    ['of another job', (other: string) => `${other}:1`],
    ['that are not there', (_: string, own: string) => `${own}:99`],
    ['whose id is no id', () => 'nonsense'],
    ['whose id is empty', () => ''],
  ])('%s is refused, and changes nothing', async (_, idFor) => {
    const engine = await lab.start([echo]);
    const [own, other] = await Promise.all([1, 2].map(() => engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'echo' }] })));
    await Promise.all([own!.result(), other!.result()]);
    const error = await refusal(engine.retryJob(own!.id, { tasks: [idFor(other!.id, own!.id)] }));
    expect(['NOT_FOUND', 'ILLEGAL_MOVE']).toContain(error.code);
    expect((await own!.status()).generation).toBe(1);
  });

  it('which are none is refused', async () => {
    const engine = await lab.start([echo]);
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'echo' }] });
    await handle.result();
    expect((await refusal(engine.retryJob(handle.id, { tasks: [] }))).code).toBe('ILLEGAL_MOVE');
  });
});

describe('a new generation', () => {
  it('has an empty memo, a new idempotency key, and attempts from 1; the reason says REOPENED', async () => {
    let steps = 0;
    const seen: unknown[] = [];
    const works = agent('works', async (_, ctx) => {
      const answer = await ctx.need('answers', 1);
      seen.push([ctx.attempt.number, ctx.attempt.reason, ctx.idempotencyKey, await ctx.step('once', () => (steps += 1)), answer]);
    });
    let answers = 0;
    const engine = await lab.start([works, agent('answers', () => (answers += 1))]);
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'works' }] });
    await handle.result();
    const id = await idOf(engine, handle.id, 'a');
    await engine.retryJob(handle.id, { tasks: [id] });
    await handle.result();
    expect(seen).toEqual([
      [1, 'DEPENDENCIES_RESOLVED', `${id}:1`, 1, 1],
      [1, 'DEPENDENCIES_RESOLVED', `${id}:2`, 2, 2],
    ]);
    const first = (await eventsOf(engine, handle.id)).filter(({ type, taskKey }) => type === 'TASK_STARTED' && taskKey === 'a');
    expect(first.map(({ data }) => data['attempt'])).toEqual([1, 1, 1, 1]);
  });

  it('supersedes the tasks that were asked for before; they stay as history and do not spoil success', async () => {
    const bad = breakable('bad');
    const asks = agent('asks', (_, ctx) => ctx.need('bad', 1));
    const engine = await lab.start([bad.agent, asks]);
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'asks' }] });
    expect((await ended(engine, handle.id)).status).toBe('FAILED');
    bad.repair();
    await engine.retryJob(handle.id);
    expect(await ended(engine, handle.id)).toMatchObject({ status: 'COMPLETED', success: true });
    expect(await statusesOf(engine, handle.id)).toEqual({ a: 'COMPLETED', 'a.bad': 'CANCELLED SUPERSEDED', 'a.bad-2': 'COMPLETED' });
  });

  it('of a map keeps the items that completed: only the failed one runs again', async () => {
    const state = { broken: true };
    const starts: number[] = [];
    const item = agent('item', (n: number) => {
      starts.push(n);
      if (n === 3 && state.broken) throw new Error('not this one');
      return n * 10;
    });
    const Wf = defineWorkflow({
      name: 'wf',
      input: z.object({}),
      output: z.unknown(),
      plan: (flow) => flow.add(echo, flow.map(flow.add(echo, [1, 2, 3, 4, 5]).out as Ref<number[]>, (n) => task(item, n)).out).out,
    });
    const engine = await lab.start([item, echo, Wf], { maxParallel: 1 });
    const handle = await engine.startWorkflow(Wf, {});
    expect((await ended(engine, handle.id)).status).toBe('FAILED');
    const finished = starts.filter((n) => n !== 3);
    starts.length = 0;
    state.broken = false;
    await engine.retryJob(handle.id);
    expect(await handle.result()).toEqual([10, 20, 30, 40, 50]);
    expect([...starts].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5].filter((n) => !finished.includes(n)));
    expect((await tasksOf(engine, handle.id)).size).toBe(9);
  });

  it('of the list that a map runs over makes the items anew, for the new list', async () => {
    let list = [1, 2, 3];
    const source = agent('source', () => list);
    const Wf = defineWorkflow({
      name: 'wf',
      input: z.object({}),
      output: z.unknown(),
      plan: (flow) => flow.map(flow.add(source, 1).out as Ref<number[]>, (n) => task(echo, n)).out,
    });
    const engine = await lab.start([source, echo, Wf]);
    const handle = await engine.startWorkflow(Wf, {});
    expect(await handle.result()).toEqual([1, 2, 3]);
    list = [7, 8];
    await engine.retryJob(handle.id, { tasks: [await idOf(engine, handle.id, 'source')] });
    expect(await handle.result()).toEqual([7, 8]);
    expect(Object.values(await statusesOf(engine, handle.id)).filter((status) => status === 'CANCELLED SUPERSEDED')).toHaveLength(3);
  });

  it('is not disturbed by an agent of the old one that is still there', async () => {
    const ends: ((value: string) => void)[] = [];
    const late = agent('late', () => new Promise((resolve) => ends.push(resolve)));
    const engine = await lab.start([late], { grace: 0 });
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'late', type: 'OBJECTIVE' }] });
    await eventOf(engine, handle.id, 'TASK_STARTED');
    await handle.cancel();
    await engine.retryJob(handle.id);
    await eventOf(engine, handle.id, 'TASK_STARTED', 'a', ({ data }) => data['fence'] === 2);
    ends[0]!('from the old one');
    await new Promise((resolve) => setImmediate(resolve));
    expect((await handle.status()).status).toBe('RUNNING');
    ends[1]!('from the new one');
    expect(await handle.result()).toBe('from the new one');
  });

  it('survives a restart', async () => {
    const bad = breakable('bad');
    const good = counted('good', (input: unknown) => input);
    let stuck = true;
    const waits = agent('waits', () => (stuck ? forever() : 'done'));
    const first = await lab.start([bad.agent, good.agent, waits], { grace: 0 });
    const { id } = await first.submitJob({
      name: 'job',
      tasks: [
        { key: 'kept', agent: 'good', input: 1 },
        { key: 'bad', agent: 'bad', dependsOn: ['kept'] },
        { key: 'w', agent: 'waits', dependsOn: ['bad'] },
      ],
    });
    await ended(first, id);
    bad.repair();
    await first.retryJob(id);
    await eventOf(first, id, 'TASK_STARTED', 'w');
    stuck = false;
    const second = await lab.restart(first, [bad.agent, good.agent, waits], { grace: 0 });
    await second.job(id).result();
    expect(good.starts).toEqual(['kept']);
    expect(bad.starts).toHaveLength(2);
    expect((await second.job(id).status()).generation).toBe(2);
  });
});
