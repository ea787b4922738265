import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { defineWorkflow, task, type DistilledContext, type TaskDigest, type TaskSubmission } from '../../src/index.js';
import { agent, counted, echo } from '../helpers/agents.js';
import { Gate } from '../helpers/gate.js';
import { ended, eventsOf, refusal, statusesOf, taskOf, tasksOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';

const lab = useLab();
const skips = agent('skips', (_, ctx) => ctx.skip('no'));

describe('a job', () => {
  it('has one objective: the engine makes one where the graph has none, under a key of its own', async () => {
    const engine = await lab.start([echo]);
    const handle = await engine.submitJob({
      name: 'the-job',
      tasks: [
        { key: 'objective', agent: 'echo' },
        { key: 'Objective-2', agent: 'echo' },
      ],
    });
    await handle.result();
    const tasks = [...(await tasksOf(engine, handle.id)).values()];
    expect(tasks[0]).toMatchObject({ no: 0, type: 'OBJECTIVE', name: 'the-job', parent: null, agent: null, status: 'COMPLETED' });
    expect(new Set(tasks.map(({ key }) => key.toLowerCase())).size).toBe(3);
    expect(tasks.slice(1).every(({ parent, type }) => parent === 0 && type === 'TASK')).toBe(true);
  });

  it('takes an objective with an agent, whose output is the output of the job', async () => {
    const concludes = agent('concludes', (input: { list: number[] }, ctx) => ({
      sum: input.list.reduce((a, b) => a + b),
      below: ctx.children.map(({ key }) => key),
    }));
    const engine = await lab.start([echo, concludes]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        {
          key: 'goal',
          type: 'OBJECTIVE',
          agent: 'concludes',
          input: { list: [0, null, null] },
          refs: [
            { at: '/list/1', task: 'a' },
            { at: '/list/2', task: 'b' },
          ],
        },
        { key: 'a', agent: 'echo', input: 2 },
        { key: 'b', agent: 'echo', input: 3 },
      ],
    });
    expect(await handle.result()).toEqual({ sum: 5, below: ['a', 'b'] });
  });
});

describe('a story', () => {
  it('starts and ends with its tasks: pending, then waiting for them, then completed after the last', async () => {
    const gate = new Gate();
    const waits = agent('waits', () => gate.pass());
    const engine = await lab.start([waits, echo]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'first', agent: 'waits' },
        { key: 's', type: 'STORY', dependsOn: ['first'] },
        { key: 'in', agent: 'echo', parent: 's' },
        { key: 'in-2', agent: 'echo', parent: 's', dependsOn: ['in'] },
      ],
    });
    await gate.reached();
    // The dependencies of a story hold back everything in it.
    expect(await statusesOf(engine, handle.id)).toMatchObject({ s: 'PENDING', in: 'PENDING', 'in-2': 'PENDING' });
    gate.open();
    await handle.result();
    const completed = (await eventsOf(engine, handle.id)).filter(({ type }) => type === 'TASK_COMPLETED').map(({ taskKey }) => taskKey);
    expect(completed).toEqual(['first', 'in', 'in-2', 's', 'objective']);
  });

  it('without any task completes', async () => {
    const engine = await lab.start([]);
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 's', type: 'STORY' }] });
    await handle.result();
    expect(await statusesOf(engine, handle.id)).toEqual({ s: 'COMPLETED' });
  });

  it('whose tasks were all skipped is skipped, and so is a story of such stories, but never the objective', async () => {
    const engine = await lab.start([echo, skips]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 's', type: 'STORY' },
        { key: 't', type: 'TASK', parent: 's' },
        { key: 'u', agent: 'skips', parent: 't' },
        { key: 'v', agent: 'skips', parent: 't' },
        { key: 'after', agent: 'echo', dependsOn: ['s'] },
      ],
    });
    expect(await ended(engine, handle.id)).toMatchObject({ status: 'COMPLETED', success: true });
    expect(await statusesOf(engine, handle.id)).toMatchObject({
      s: 'SKIPPED CHILDREN_SKIPPED',
      t: 'SKIPPED CHILDREN_SKIPPED',
      after: 'SKIPPED DEPENDENCY_SKIPPED',
    });
    expect((await taskOf(engine, handle.id, 'objective')).status).toBe('COMPLETED');
  });

  it('of which one task was skipped and one completed is completed', async () => {
    const engine = await lab.start([echo, skips]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 's', type: 'STORY' },
        { key: 'a', agent: 'skips', parent: 's' },
        { key: 'b', agent: 'echo', parent: 's' },
      ],
    });
    await handle.result();
    expect((await statusesOf(engine, handle.id))['s']).toBe('COMPLETED');
  });

  it('all of whose tasks were skipped by a failure spoils success', async () => {
    const engine = await lab.start([
      echo,
      agent('fails', () => {
        throw new Error('x');
      }),
    ]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'bad', agent: 'fails', failureStrategy: 'skip' },
        { key: 's', type: 'STORY' },
        { key: 'a', agent: 'echo', parent: 's', dependsOn: ['bad'] },
      ],
    });
    expect(await ended(engine, handle.id)).toMatchObject({ status: 'COMPLETED', success: false });
    expect((await statusesOf(engine, handle.id))['s']).toMatch(/^SKIPPED/);
  });

  it('with an agent concludes: it runs after its tasks and sees what each of them came to', async () => {
    let seen: readonly TaskDigest[] = [];
    const concludes = agent('concludes', (input: { first: unknown }, ctx) => {
      seen = ctx.children;
      return { first: input.first, of: ctx.children.length };
    });
    const says = agent('says', (text: string, ctx) => ctx.summarize(`It says ${text}.`));
    const Wf = defineWorkflow({
      name: 'wf',
      input: z.object({}),
      output: z.unknown(),
      plan: (flow) => {
        const story = flow.story('Words');
        const one = story.add(says, 'one').named('one');
        story.add(says, 'two').named('two');
        story.add(skips, {}).named('three');
        const out = story.concludeWith(concludes, { first: one.out });
        return flow.add(echo, out).out;
      },
    });
    const engine = await lab.start([concludes, says, skips, echo, Wf]);
    const handle = await engine.startWorkflow(Wf, {});
    expect(await handle.result()).toEqual({ first: null, of: 3 });
    expect(seen.map(({ key, status, summary, type }) => ({ key, status, summary, type }))).toEqual([
      { key: 'one', status: 'COMPLETED', summary: 'It says one.', type: 'TASK' },
      { key: 'two', status: 'COMPLETED', summary: 'It says two.', type: 'TASK' },
      { key: 'three', status: 'SKIPPED', summary: 'three was skipped.', type: 'TASK' },
    ]);
    expect(await taskOf(engine, handle.id, 'words')).toMatchObject({ type: 'STORY', agent: 'concludes', status: 'COMPLETED' });
  });

  it('with an agent is skipped without running it when all its tasks were', async () => {
    const concludes = counted('concludes');
    const engine = await lab.start([concludes.agent, skips]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 's', type: 'STORY', agent: 'concludes' },
        { key: 'a', agent: 'skips', parent: 's' },
      ],
    });
    await handle.result();
    expect(concludes.starts).toEqual([]);
    expect((await statusesOf(engine, handle.id))['s']).toBe('SKIPPED CHILDREN_SKIPPED');
  });
});

describe('a task that has tasks below it', () => {
  it('may nest 32 levels deep, each ending after the one below; a level more is refused', async () => {
    const levels = (count: number): TaskSubmission[] =>
      Array.from({ length: count }, (_, n) => ({
        key: `l${n}`,
        type: 'SUBTASK',
        ...(n > 0 ? { parent: `l${n - 1}` } : undefined),
        ...(n === count - 1 ? { agent: 'echo' } : undefined),
      }));
    const engine = await lab.start([echo]);
    const handle = await engine.submitJob({ name: 'job', tasks: levels(32) });
    await handle.result();
    const completed = (await eventsOf(engine, handle.id)).filter(({ type }) => type === 'TASK_COMPLETED').map(({ taskKey }) => taskKey);
    expect(completed).toEqual([
      ...levels(32)
        .map(({ key }) => key)
        .reverse(),
      'objective',
    ]);
    const error = await refusal(engine.submitJob({ name: 'job', tasks: levels(33) }));
    expect(error.code).toBe('GRAPH_LIMIT');
    expect(error.details).toMatchObject({ depth: 33, limit: 32 });
  });

  it('is held back together with them by what holds any task above', async () => {
    const order: string[] = [];
    const notes = agent('notes', (key: string) => void order.push(key));
    const engine = await lab.start([notes]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 's1', type: 'STORY', dependsOn: ['s2'] },
        { key: 't1', parent: 's1' },
        { key: 'u1', agent: 'notes', input: 'u1', parent: 't1' },
        { key: 's2', type: 'STORY' },
        { key: 't2', parent: 's2', agent: 'notes', input: 't2' },
        { key: 'u2', agent: 'notes', input: 'u2', parent: 't2' },
      ],
    });
    await handle.result();
    expect(order).toEqual(['u2', 't2', 'u1']);
  });
});

describe('distillation (A3)', () => {
  it('lets a story see its tasks only, the objective its stories only, within the budget, although outputs total 1 MB', async () => {
    const contexts: Record<string, DistilledContext> = {};
    const big = agent('big', (name: string, ctx) => {
      ctx.summarize(`Summary of ${name}. ${'detail '.repeat(30)}`);
      return name.padEnd(130_000, '.');
    });
    const sums = agent('sums', async (_, ctx) => {
      contexts[ctx.task.key] = await ctx.distilled({ budget: 400 });
      ctx.summarize(`Whole of ${ctx.task.key}`);
    });
    const tasks: TaskSubmission[] = [{ key: 'goal', type: 'OBJECTIVE', agent: 'sums' }];
    for (const story of ['s1', 's2']) {
      tasks.push({ key: story, type: 'STORY', agent: 'sums', parent: 'goal' });
      for (const part of ['a', 'b']) {
        tasks.push({ key: `${story}-${part}`, agent: 'sums', parent: story });
        for (const sub of ['x', 'y'])
          tasks.push({ key: `${story}-${part}-${sub}`, agent: 'big', input: `${story}-${part}-${sub}`, parent: `${story}-${part}` });
      }
    }
    const engine = await lab.start([big, sums]);
    await (await engine.submitJob({ name: 'job', tasks })).result();

    expect(contexts['goal']!.tasks.map(({ key }) => key)).toEqual(['s1', 's2']);
    expect(contexts['s1']!.tasks.map(({ key }) => key)).toEqual(['s1-a', 's1-b']);
    expect(contexts['s1-a']!.tasks.map(({ key }) => key)).toEqual(['s1-a-x', 's1-a-y']);
    expect(contexts['goal']).toMatchObject({ text: '## s1 (completed)\nWhole of s1\n\n## s2 (completed)\nWhole of s2', cut: [] });
    expect(contexts['s1-a']!.text.length).toBeLessThanOrEqual(400);
    expect(contexts['s1-a']!.cut).toEqual(['s1-a-x', 's1-a-y']);
    expect(contexts['s1-a']!.text).toContain('Summary of s1-a-x');
  });

  it('includes what the task depends on, before what is below it', async () => {
    let seen: DistilledContext | undefined;
    const sums = agent('sums', async (_, ctx) => void (seen = await ctx.distilled()));
    const engine = await lab.start([sums, echo]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 't', agent: 'sums', dependsOn: ['before'] },
        { key: 'below', agent: 'echo', parent: 't', input: 1 },
        { key: 'before', agent: 'echo', input: 'text' },
      ],
    });
    await handle.result();
    expect(seen?.tasks.map(({ key, summary }) => [key, summary])).toEqual([
      ['before', 'before completed. Its output is "text".'],
      ['below', 'below completed. Its output is 1.'],
    ]);
  });
});

describe('a task drafted with task()', () => {
  it('can be placed in a story and in the flow alike', async () => {
    const Wf = defineWorkflow({
      name: 'wf',
      input: z.object({}),
      plan: (flow) => {
        flow.add(task(echo, 1).named('top'));
        flow.story('S').add(task(echo, 2).named('in'));
      },
    });
    const engine = await lab.start([echo, Wf]);
    const handle = await engine.startWorkflow(Wf, {});
    await handle.result();
    const tasks = await tasksOf(engine, handle.id);
    expect(tasks.get('top')?.parent).toBe(0);
    expect(tasks.get('in')?.parent).toBe(tasks.get('s')?.no);
  });
});
