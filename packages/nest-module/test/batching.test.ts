import { afterEach, describe, expect, it } from '@jest/globals';
import type { StoreReader } from '@taskloom/core';

import { dataOf } from './support/ask.js';
import { runJob } from './support/jobs.js';
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
    const calls = await callsDuring(app, () =>
      dataOf(
        app.url,
        'query ($id: ID!) { job(id: $id) { tasks(first: 100) { nodes { input output parent { key } dependencies { key output } dependents { key } } } } }',
        { id },
      ),
    );
    expect(calls).toEqual({
      job: 1,
      tasks: 1,
      taskInputs: 1,
      // Outputs of the tasks, then of those they depend on that were not among them (none): one call.
      taskOutputs: 1,
      // Parents and dependencies together; dependents are known only when dependentsOf has answered.
      tasksAt: expect.any(Number),
      dependentsOf: 1,
    });
    expect(calls.tasksAt).toBeLessThanOrEqual(2);
  });

  it('of 20 jobs too', async () => {
    const app = await startApp();
    for (let index = 0; index < 20; index += 1) await runJob(app.engine, [{ key: 'a', agent: 'greet', input: { name: 'x' } }]);
    const calls = await callsDuring(app, () => dataOf(app.url, '{ jobs { nodes { output objective { status output } } } }'));
    expect(calls).toEqual({ jobs: 1, taskOutputs: 1, tasksAt: 1 });
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
