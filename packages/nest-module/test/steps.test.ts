import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { ask, dataOf } from './support/ask.js';
import { ended } from './support/jobs.js';
import { startApp, stopApps, type TestApp } from './support/start-app.js';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
});
afterAll(stopApps);

const SUBMIT = 'mutation ($job: SubmitJobInput!) { submitJob(job: $job) { id } }';

const greet = (key: string, more: object = {}): object => ({ key, agent: 'greet', input: { name: key }, ...more });

/** Submits a job and waits until it has ended. */
async function ran(job: object): Promise<string> {
  const { submitJob } = await dataOf<{ submitJob: { id: string } }>(app.url, SUBMIT, { job: { name: 'ordered', ...job } });
  await ended(app.engine, submitJob.id);
  return submitJob.id;
}

/** What each task of a job has waited for, by its key: `key MODE`. */
async function waitsOf(jobId: string): Promise<Record<string, readonly string[]>> {
  const { tasks } = await dataOf<{
    tasks: { nodes: readonly { id: string; key: string; dependencyEdges: readonly { taskId: string; mode: string }[] }[] };
  }>(
    app.url,
    'query ($jobId: ID!) { tasks(filter: { jobId: $jobId, type: [TASK] }) { nodes { id key dependencyEdges { taskId mode } } } }',
    { jobId },
  );
  const keys = new Map(tasks.nodes.map(({ id, key }) => [id, key]));
  return Object.fromEntries(
    tasks.nodes.map(({ key, dependencyEdges }) => [key, dependencyEdges.map(({ taskId, mode }) => `${keys.get(taskId)} ${mode}`)]),
  );
}

describe('ordered steps of a job that is submitted', () => {
  it('run each after the one before, and after all that this one runs beside', async () => {
    const id = await ran({ steps: [greet('a'), greet('b'), greet('c', { parallel: true }), greet('d', { parallel: false })] });

    expect(await waitsOf(id)).toEqual({ a: [], b: ['a COMPLETED'], c: ['a COMPLETED'], d: ['b COMPLETED', 'c COMPLETED'] });
    const { events } = await dataOf<{ events: { type: string; taskKey: string | null }[] }>(
      app.url,
      'query ($id: ID!) { events(jobId: $id) { type taskKey } }',
      { id },
    );
    const at = (type: string, key: string): number => events.findIndex((event) => event.type === type && event.taskKey === key);
    for (const [before, after] of ['ab', 'ac', 'bd', 'cd'] as const)
      expect(at('TASK_STARTED', after!)).toBeGreaterThan(at('TASK_COMPLETED', before!));
    expect(at('TASK_COMPLETED', 'a')).toBeGreaterThan(0);
  });

  it('wait for what they name and nothing else, also for tasks given beside them', async () => {
    const id = await ran({
      tasks: [greet('t'), greet('u', { dependsOn: [{ task: 'a' }] })],
      steps: [
        greet('a'),
        greet('b', { dependsOn: [{ task: 't', mode: 'SETTLED' }] }),
        greet('c', { parallel: true }),
        greet('d', { dependsOn: [] }),
        greet('e', { dependsOn: null, parallel: null }),
      ],
    });
    expect(await waitsOf(id)).toEqual({
      t: [],
      u: ['a COMPLETED'],
      a: [],
      b: ['t SETTLED'],
      c: ['t SETTLED'],
      d: [],
      e: ['d COMPLETED'],
    });
  });

  it('have all that tasks have', async () => {
    const loud = {
      key: 'loud',
      agent: 'shout',
      input: { text: null },
      refs: [{ at: '/text', task: 'hello', path: '/text' }],
      overrides: { timeout: 90_000 },
      metadata: { a: 1 },
    };
    const id = await ran({
      steps: [greet('hello'), loud, greet('never', { when: { task: 'loud', path: '/missing' } })],
      output: { value: null, refs: [{ at: '', task: 'loud', path: '/text' }] },
    });
    const { job, tasks } = await dataOf<{ job: unknown; tasks: { nodes: readonly object[] } }>(
      app.url,
      'query ($id: ID!) { job(id: $id) { output } tasks(filter: { jobId: $id, type: [TASK] }) { nodes { key timeout metadata status } } }',
      { id },
    );
    expect(job).toEqual({ output: 'HELLO, HELLO!' });
    expect(tasks.nodes.slice(1)).toMatchObject([
      { key: 'loud', timeout: 90_000, metadata: { a: 1 }, status: 'COMPLETED' },
      { key: 'never', status: 'SKIPPED' },
    ]);
  });

  it('are refused with every problem of theirs and of the tasks beside them at once', async () => {
    const job = {
      name: 'faulty',
      tasks: [greet('twice'), greet('lost', { dependsOn: [{ task: 'nowhere' }] })],
      steps: [greet('twice'), { key: 'nobody', agent: 'gret', input: {} }, greet('empty', { input: { name: '' } })],
    };
    const { errors } = await ask(app.url, SUBMIT, { job });
    expect(errors).toMatchObject([{ extensions: { code: 'GRAPH_INVALID' } }]);
    const { problems } = errors[0]!.extensions.details as unknown as { problems: { code: string; taskKey: string }[] };
    expect(problems.map(({ code, taskKey }) => `${code} ${taskKey}`).sort()).toEqual([
      'DUPLICATE_TASK twice',
      'INPUT_SCHEMA empty',
      'UNKNOWN_AGENT nobody',
      'UNKNOWN_DEPENDENCY lost',
    ]);
  });

  it('count with the tasks beside them', async () => {
    const { url } = await startApp({ taskloom: { limits: { tasksPerJob: 3 } } });
    const three = { name: 'full', tasks: [greet('t')], steps: [greet('a'), greet('b')] };
    await dataOf(url, SUBMIT, { job: three });
    const { errors } = await ask(url, SUBMIT, { job: { ...three, steps: [...three.steps, greet('c')] } });
    expect(errors).toMatchObject([{ extensions: { code: 'GRAPH_LIMIT', details: { tasks: 4, limit: 3 } } }]);
  });

  it('are a part of what an idempotency key stands for', async () => {
    const job = { name: 'once', options: { idempotencyKey: 'steps-1' }, steps: [greet('a'), greet('b')] };
    const first = await dataOf(app.url, SUBMIT, { job });
    expect(await dataOf(app.url, SUBMIT, { job })).toEqual(first);
    const { errors } = await ask(app.url, SUBMIT, { job: { ...job, steps: [greet('a'), greet('b', { parallel: true })] } });
    expect(errors).toMatchObject([{ extensions: { code: 'IDEMPOTENCY_CONFLICT' } }]);
  });

  it.each([{ parallel: 'yes' }, { beside: true }])('are refused with %j', async (more) => {
    const { errors } = await ask(app.url, SUBMIT, { job: { name: 'x', steps: [greet('a', more)] } });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});
