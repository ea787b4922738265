import { afterEach, describe, expect, it } from '@jest/globals';
import type { StoreReader, TaskSubmission } from '@taskloom/core';

import { dataOf } from './support/ask.js';
import { runJob } from './support/jobs.js';
import { statementsDuring } from './support/sql-statements.js';
import { startApp, stopApps, type TestApp } from './support/start-app.js';

afterEach(stopApps);

type Act = keyof StoreReader;

/** Counts the calls of the reader while an operation runs. */
async function callsDuring({ engine }: TestApp, act: () => Promise<unknown>): Promise<Partial<Record<Act, number>>> {
  const calls: Partial<Record<Act, number>> = {};
  const reader = engine.reader as unknown as Record<Act, (...args: unknown[]) => unknown>;
  const counted = new Proxy(reader, {
    get: (target, name: Act) => {
      const read = target[name];
      return (...args: unknown[]) => {
        calls[name] = (calls[name] ?? 0) + 1;
        return read.apply(target, args);
      };
    },
  });
  Object.defineProperty(engine, 'reader', { value: counted, configurable: true, writable: true });
  await act();
  Object.defineProperty(engine, 'reader', { value: reader, configurable: true, writable: true });
  return calls;
}

describe('nested fields', () => {
  it('of 40 tasks are read in one call each, whatever their number', async () => {
    const app = await startApp();
    const tasks = Array.from({ length: 40 }, (_, index) => ({
      key: `t${index}`,
      agent: 'greet',
      input: { name: `${index}` },
      ...(index > 0 ? { dependsOn: [`t${index - 1}`] } : {}),
    }));
    const id = await runJob(app.engine, tasks);
    const callsFor = (page: string): Promise<Partial<Record<Act, number>>> =>
      callsDuring(app, () =>
        dataOf(
          app.url,
          `{ job(id: "${id}") { tasks(${page}) { nodes { input output parent { key } dependencies { key output } dependents { key } } } } }`,
        ),
      );
    const once = { job: 1, tasks: 1, taskInputs: 1, taskOutputs: 1, dependentsOf: 1 };
    // Neighbours that were on the page are not read again.
    expect(await callsFor('first: 100')).toEqual(once);
    // The parents, here the objective, come together; the dependents only when `dependentsOf` has answered.
    expect(await callsFor('first: 20, type: [TASK]')).toEqual({ ...once, tasksAt: 2 });
  });

  it('of 20 jobs too', async () => {
    const app = await startApp();
    for (let index = 0; index < 20; index += 1) await runJob(app.engine, [{ key: 'a', agent: 'greet', input: { name: 'x' } }]);
    const calls = await callsDuring(app, () =>
      dataOf(app.url, '{ jobs { nodes { input output objective { status output children { nodes { key } } } } } }'),
    );
    expect(calls).toEqual({ jobs: 1, jobInputs: 1, taskOutputs: 1, tasksAt: 1, childrenOf: 1 });
  });

  it('count the whole list only when it is asked for', async () => {
    const app = await startApp();
    expect(await callsDuring(app, () => dataOf(app.url, '{ jobs { nodes { id } } tasks(filter: {}) { nodes { id } } }'))).toEqual({
      jobs: 1,
      tasks: 1,
    });
    expect(await callsDuring(app, () => dataOf(app.url, '{ jobs { totalCount } tasks(filter: {}) { totalCount } }'))).toMatchObject({
      countJobs: 1,
      countTasks: 1,
    });
  });

  it('never read twice what one operation has read', async () => {
    const app = await startApp();
    const id = await runJob(app.engine, [{ key: 'a', agent: 'greet', input: { name: 'x' } }]);
    const calls = await callsDuring(app, () =>
      dataOf(
        app.url,
        'query ($id: ID!) { a: job(id: $id) { objective { key output } output } b: job(id: $id) { objective { key output } } }',
        { id },
      ),
    );
    expect(calls).toEqual({ job: 2, tasksAt: 1, taskOutputs: 1 });
  });
});

/** An objective, and below it so many stories, each with so many tasks of two subtasks. */
function tree(stories: number, tasks: number): TaskSubmission[] {
  const graph: TaskSubmission[] = [];
  const input = { name: 'Ada' };
  for (let s = 0; s < stories; s += 1) {
    graph.push({ key: `s${s}`, type: 'STORY' });
    for (let t = 0; t < tasks; t += 1) {
      const key = `s${s}t${t}`;
      graph.push({ key, type: 'TASK', parent: `s${s}`, agent: 'greet', input });
      graph.push({ key: `${key}u0`, type: 'SUBTASK', parent: key, agent: 'greet', input });
      graph.push({ key: `${key}u1`, type: 'SUBTASK', parent: key, agent: 'greet', input, dependsOn: [`${key}u0`] });
    }
  }
  return graph;
}

describe('a tree of four levels', () => {
  const level = (facts: string, below = ''): string => `children(first: 100) { nodes { ${facts} ${below} } }`;
  const treeOf = (id: string, facts: string): string =>
    `{ job(id: "${id}") { id status objective { ${facts} ${level(facts, level(facts, level(facts)))} } } }`;

  const statementsFor = async ({ engine, url }: TestApp, graph: readonly TaskSubmission[], facts: string): Promise<number> => {
    const query = treeOf(await runJob(engine, graph), facts);
    let text = '';
    const statements = await statementsDuring(async () => {
      text = JSON.stringify(await dataOf(url, query));
    });
    for (const { key } of graph) if (!text.includes(`"key":"${key}"`)) throw new Error(`${key} was not told`);
    return statements.length;
  };

  it('with 69 tasks and their neighbours takes at most 15 statements', async () => {
    const graph = tree(17, 1);
    // And the objective.
    expect(graph.length + 1).toBe(69);
    const facts = 'key name type status statusReason statusMessage summary progress parent { key } dependencies { key status }';
    expect(await statementsFor(await startApp(), graph, facts)).toBeLessThanOrEqual(15);
  });

  it('is read in one call for each level, however few tasks a level has', async () => {
    const app = await startApp();
    const id = await runJob(app.engine, tree(4, 4));
    const facts = 'key status input output summary parent { key } dependencies { key status }';
    const calls = await callsDuring(app, () => dataOf(app.url, treeOf(id, facts)));
    // Inputs and outputs of each level come together, those of the objective alone.
    expect(calls).toEqual({ job: 1, tasksAt: 1, childrenOf: 3, taskInputs: 4, taskOutputs: 4 });
  });

  it('takes no more where there is more of it, whatever is asked of each task', async () => {
    const app = await startApp();
    const facts =
      'key status input output summary parent { key } dependencies { key status } dependents { key output } history { type } attempts { number } why { code }';
    const small = await statementsFor(app, tree(8, 2), facts);
    expect(small).toBeGreaterThan(0);
    expect(await statementsFor(app, tree(16, 4), facts)).toBe(small);
  });
});
