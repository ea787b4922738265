import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { defineAgent, defineWorkflow, FatalError, task, type Engine, type GraphError, type HumanRequestView } from '../../src/index.js';
import { agent, echo } from '../helpers/agents.js';
import { ended, eventOf, refusal, taskOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';

const lab = useLab();

const openQuestions = async (engine: Engine, filter: { readonly assignee?: string } = {}): Promise<readonly HumanRequestView[]> =>
  (await engine.reader.humanRequests({ status: ['OPEN'], ...filter }, { first: 100 })).items;

describe('whom a task is meant for', () => {
  it('is kept, filtered by, told to its agent, and there after a restart', async () => {
    const seen: (string | null)[] = [];
    const looks = agent('looks', (_: never, ctx) => void seen.push(ctx.task.assignee));
    const engine = await lab.start([looks], { file: 'a.db' });
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'legal', agent: 'looks', assignee: 'team:legal 🐙' },
        { key: 'none', agent: 'looks', dependsOn: ['legal'] },
      ],
    });
    await handle.result();
    const again = await lab.restart(engine, [looks], { file: 'a.db' });

    expect(seen).toEqual(['team:legal 🐙', null]);
    expect((await taskOf(again, handle.id, 'none')).assignee).toBeNull();
    const { items } = await again.reader.tasks({ assignee: 'team:legal 🐙' }, { first: 10 });
    expect(items.map(({ key, assignee }) => [key, assignee])).toEqual([['legal', 'team:legal 🐙']]);
    expect(await again.reader.countTasks({ assignee: 'team:legal' })).toBe(0);
  });

  it('can be said in a plan, of a map for each of its parts, and of what an agent adds', async () => {
    const spawns = agent('spawns', (_: never, ctx) => ctx.spawn(echo, 1, { assignee: 'anna' }).then(() => null));
    const list = defineAgent({ name: 'list', input: z.object({}), output: z.array(z.number()), execute: () => [1, 2] });
    const flow = defineWorkflow({
      name: 'flow',
      input: z.object({}),
      plan: (plan) => {
        const items = plan.add(task(list, {}).named('list').assignedTo('bob'));
        plan.map(items.out, (item) => task(echo, item).named('each').assignedTo('carla'));
        plan.add(task(spawns, {}).named('spawns'));
      },
    });
    const engine = await lab.start([echo, spawns, list, flow]);
    const handle = await engine.startWorkflow(flow, {});
    await handle.result();

    const { items } = await engine.reader.tasks({ jobId: handle.id }, { first: 100 });
    const assigned = items.filter(({ assignee }) => assignee !== null).map(({ key, assignee }) => [key, assignee]);
    expect(assigned).toEqual(
      expect.arrayContaining([
        ['list', 'bob'],
        ['each', 'carla'],
        ['each.1', 'carla'],
        ['each.2', 'carla'],
        ['spawns.echo', 'anna'],
      ]),
    );
    expect(assigned).toHaveLength(5);
  });

  it.each(['', ' ', 'x'.repeat(201), 7])('cannot be %j', async (assignee) => {
    const tries = agent('tries', (_: never, ctx) => ctx.spawn(echo, 1, { assignee: assignee as string }));
    const engine = await lab.start([echo, tries]);
    const refused = (await refusal(
      engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'echo', assignee: assignee as string }] }),
    )) as GraphError;
    expect(refused.problems).toMatchObject([{ code: 'GRAPH_INVALID', message: expect.stringContaining('`assignee` of "a"') }]);
    const { id } = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'tries' }] });
    await ended(engine, id);
    expect(await taskOf(engine, id, 'a')).toMatchObject({ status: 'FAILED', error: { code: 'OPTIONS_INVALID' } });
  });
});

describe('whom a question is meant for', () => {
  it('is whom its task is meant for, unless it says otherwise', async () => {
    const asks = agent('asks', (assignee: string | null, ctx) =>
      ctx.ask('sure', { question: 'Sure?', ...(assignee === null ? undefined : { assignee }) }),
    );
    const engine = await lab.start([asks]);
    const { id } = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'own', agent: 'asks', input: 'dora', assignee: 'anna' },
        { key: 'inherited', agent: 'asks', input: null, assignee: 'anna' },
        { key: 'nobody', agent: 'asks', input: null },
      ],
    });
    for (const key of ['own', 'inherited', 'nobody']) await eventOf(engine, id, 'HUMAN_REQUESTED', key);

    expect((await openQuestions(engine)).map(({ taskKey, assignee }) => [taskKey, assignee]).toSorted()).toEqual([
      ['inherited', 'anna'],
      ['nobody', null],
      ['own', 'dora'],
    ]);
    expect((await openQuestions(engine, { assignee: 'anna' })).map(({ taskKey }) => taskKey)).toEqual(['inherited']);
    await engine.cancelJob(id);
  });

  it('about a failure is whom the failed task is meant for', async () => {
    const broken = agent('broken', () => {
      throw new FatalError('never');
    });
    const engine = await lab.start([broken]);
    const { id } = await engine.submitJob({
      name: 'job',
      tasks: [{ key: 'a', agent: 'broken', assignee: 'ops', failureStrategy: 'ask' }],
    });
    await eventOf(engine, id, 'HUMAN_REQUESTED', 'a');

    expect(await openQuestions(engine, { assignee: 'ops' })).toMatchObject([{ kind: 'failure', taskKey: 'a', assignee: 'ops' }]);
    await engine.cancelJob(id);
  });
});
