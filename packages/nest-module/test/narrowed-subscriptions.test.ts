import { afterEach, describe, expect, it } from '@jest/globals';

import { ended } from './support/jobs.js';
import { startApp, stopApps, type TestApp } from './support/start-app.js';
import { all, closeSockets, resultsOf, watch } from './support/watch.js';

afterEach(async () => {
  await closeSockets();
  await stopApps();
});

interface Seen {
  jobEvents: { seq: number; type: string; taskKey: string | null };
}

/** A story with two tasks, and a task beside it. */
async function treeJob({ engine }: TestApp): Promise<{ id: string; idOf: (key: string) => string }> {
  const greet = { agent: 'greet', input: { name: 'x' } };
  const { id } = await engine.submitJob({
    name: 'tree',
    tasks: [
      { key: 'story', type: 'STORY' },
      { key: 'inside', parent: 'story', ...greet },
      { key: 'inside-2', parent: 'story', ...greet },
      { key: 'outside', ...greet },
    ],
  });
  await ended(engine, id);
  const { items } = await engine.reader.tasks({ jobId: id }, { first: 100 });
  return { id, idOf: (key) => items.find((task) => task.key === key)!.id };
}

const events = async (app: TestApp, id: string, args: string): Promise<Seen['jobEvents'][]> =>
  (await all<Seen>(app.socketUrl, `subscription { jobEvents(jobId: "${id}", ${args}) { seq type taskKey } }`)).map(
    ({ jobEvents }) => jobEvents,
  );

describe('jobEvents', () => {
  it('can be narrowed to types, to a task, and to a task with everything below it', async () => {
    const app = await startApp();
    const { id, idOf } = await treeJob(app);
    const every = await events(app, id, 'afterSeq: 0');

    const types = await events(app, id, 'types: [TASK_STARTED, JOB_COMPLETED]');
    expect(types).toEqual(every.filter(({ type }) => type === 'TASK_STARTED' || type === 'JOB_COMPLETED'));

    const one = await events(app, id, `taskId: "${idOf('inside')}"`);
    expect(one.map(({ type, taskKey }) => `${type} ${taskKey}`)).toEqual([
      'TASKS_ADDED null',
      'TASK_STARTED inside',
      'TASK_COMPLETED inside',
    ]);

    const below = await events(app, id, `taskId: "${idOf('story')}", subtree: true`);
    expect(new Set(below.map(({ taskKey }) => taskKey))).toEqual(new Set([null, 'story', 'inside', 'inside-2']));
    expect(below.filter(({ taskKey }) => taskKey !== null)).toEqual(
      every.filter(({ taskKey }) => taskKey === 'story' || taskKey?.startsWith('inside')),
    );
  });

  it('goes on from a cursor with the same narrowing', async () => {
    const app = await startApp();
    const { id, idOf } = await treeJob(app);
    const whole = await events(app, id, `taskId: "${idOf('outside')}"`);
    const rest = await events(app, id, `taskId: "${idOf('outside')}", afterSeq: ${whole[0]!.seq}`);
    expect(rest).toEqual(whole.slice(1));
  });

  it.each([
    ['a task of no job', 'taskId: "none:1"', 'NOT_FOUND'],
    ['a task that is none', 'taskId: "x"', 'ID_INVALID'],
    ['a subtree of nothing', 'subtree: true', 'BAD_USER_INPUT'],
    ['a type that does not exist', 'types: [NONSENSE]', 'GRAPHQL_VALIDATION_FAILED'],
  ])('refuses %s', async (_what, args, code) => {
    const app = await startApp();
    const { id } = await treeJob(app);
    const [first] = await resultsOf(watch(app.socketUrl, `subscription { jobEvents(jobId: "${id}", ${args}) { seq } }`));
    expect(first).toMatchObject({ errors: [{ extensions: { code } }] });
  });
});

describe('taskUpdated', () => {
  it('can be narrowed to a subtree', async () => {
    const app = await startApp();
    const { id, idOf } = await treeJob(app);
    const seen = await all<{ taskUpdated: { key: string } }>(
      app.socketUrl,
      'subscription ($id: ID!, $task: ID) { taskUpdated(jobId: $id, taskId: $task, subtree: true) { key } }',
      { id, task: idOf('story') },
    );
    expect(seen.map(({ taskUpdated }) => taskUpdated.key)).toEqual(['story', 'inside', 'inside-2']);
  });

  it('tells a task that was added below while it watches', async () => {
    const app = await startApp();
    const { id } = await app.engine.submitJob({
      name: 'growing',
      tasks: [
        { key: 'gate', agent: 'wait', input: {} },
        { key: 'list', type: 'STORY' },
        { key: 'first', parent: 'list', agent: 'greet', input: { name: 'x' }, dependsOn: ['gate'] },
      ],
    });
    await app.gate.reached;
    const list = (await app.engine.reader.tasks({ jobId: id }, { first: 10 })).items.find(({ key }) => key === 'list')!;
    const last = new Map<string, string>();
    for await (const { data } of watch<{ taskUpdated: { key: string; status: string } }>(
      app.socketUrl,
      'subscription ($id: ID!, $task: ID) { taskUpdated(jobId: $id, taskId: $task, subtree: true) { key status } }',
      { id, task: list.id },
    )) {
      last.set(data!.taskUpdated.key, data!.taskUpdated.status);
      app.gate.open();
    }
    expect(Object.fromEntries(last)).toEqual({ list: 'COMPLETED', first: 'COMPLETED' });
  });
});
