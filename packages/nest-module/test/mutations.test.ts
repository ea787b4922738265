import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TaskAgent } from '@taskloom/decorators';
import { z } from 'zod';

import { Flaky } from './support/agents.js';
import { ask, dataOf } from './support/ask.js';
import { ended, runJob } from './support/jobs.js';
import { startApp, stopApps, type TestApp } from './support/start-app.js';

@TaskAgent({
  name: 'list-texts',
  description: 'Lists texts',
  version: '1',
  input: z.object({}),
  output: z.object({ texts: z.array(z.string()) }),
})
class ListTexts {
  execute(): { texts: string[] } {
    return { texts: ['a', 'b', 'c'] };
  }
}

let app: TestApp;

beforeEach(async () => {
  app = await startApp();
});
afterEach(stopApps);

const START =
  'mutation ($name: String!, $input: JSON!, $options: JobOptionsInput) { startWorkflow(name: $name, input: $input, options: $options) { id name workflow status priority maxParallel failureStrategy metadata } }';
const SUBMIT = 'mutation ($job: SubmitJobInput!) { submitJob(job: $job) { id name workflow status counts { total } } }';
type Started = { startWorkflow: { id: string } };
type Submitted = { submitJob: { id: string } };

describe('startWorkflow', () => {
  it('starts a durable job with all its options', async () => {
    const options = { priority: 8, maxParallel: 2, failureStrategy: 'SKIP', allowedAgents: ['greet', 'shout'], metadata: { ticket: 7 } };
    const { startWorkflow } = await dataOf<Started>(app.url, START, { name: 'welcome', input: { name: 'Ada' }, options });
    expect(startWorkflow).toMatchObject({
      name: 'welcome',
      workflow: 'welcome',
      priority: 8,
      maxParallel: 2,
      failureStrategy: 'SKIP',
      metadata: { ticket: 7 },
    });
    expect(await app.engine.job(startWorkflow.id).result()).toEqual({ text: 'HELLO, ADA!' });
  });

  it('Q14: gives the same job for the same idempotency key, and refuses another body', async () => {
    const options = { idempotencyKey: 'order-1' };
    const first = await dataOf<Started>(app.url, START, { name: 'welcome', input: { name: 'Ada' }, options });
    const second = await dataOf<Started>(app.url, START, { name: 'welcome', input: { name: 'Ada' }, options });
    expect(second.startWorkflow.id).toBe(first.startWorkflow.id);
    const { errors } = await ask(app.url, START, { name: 'welcome', input: { name: 'Bob' }, options });
    expect(errors).toMatchObject([{ extensions: { code: 'IDEMPOTENCY_CONFLICT', details: { jobId: first.startWorkflow.id } } }]);
  });
});

describe('submitJob', () => {
  it('runs a graph with refs, dependencies, hierarchy, a condition and a map', async () => {
    const job = {
      name: 'explicit',
      input: { for: 'readers' },
      tasks: [
        { key: 'talk', type: 'STORY', name: 'Talk', description: 'All the talking', kind: 'phase' },
        {
          key: 'hello',
          agent: 'greet',
          parent: 'talk',
          input: { name: 'Ada' },
          priority: 9,
          metadata: { a: 1 },
          acceptanceCriteria: 'friendly',
        },
        { key: 'loud', agent: 'shout', parent: 'talk', input: { text: null }, refs: [{ at: '/text', task: 'hello', path: '/text' }] },
        {
          key: 'last',
          agent: 'greet',
          input: { name: 'Zoe' },
          dependsOn: [{ task: 'talk', mode: 'SETTLED' }],
          overrides: { timeout: 1_000, retry: { maxAttempts: 3, backoff: 'FIXED', delay: 5 } },
        },
        { key: 'never', agent: 'greet', input: { name: 'nobody' }, when: { task: 'hello', path: '/missing' } },
      ],
      output: { value: { said: null }, refs: [{ at: '/said', task: 'loud', path: '/text' }] },
      options: { priority: 3 },
    };
    const { submitJob } = await dataOf<Submitted>(app.url, SUBMIT, { job });
    await ended(app.engine, submitJob.id);
    const { done, tasks } = await dataOf(
      app.url,
      'query ($id: ID!) { done: job(id: $id) { status success input output } tasks(filter: { jobId: $id }) { nodes { key name type kind description priority metadata acceptanceCriteria status statusReason maxAttempts timeout parent { key } dependencyEdges { mode } output } } }',
      { id: submitJob.id },
    );
    expect(done).toEqual({ status: 'COMPLETED', success: true, input: { for: 'readers' }, output: { said: 'HELLO, ADA!' } });
    expect(tasks).toMatchObject({
      nodes: expect.arrayContaining([
        expect.objectContaining({ key: 'talk', name: 'Talk', type: 'STORY', kind: 'phase', description: 'All the talking' }),
        expect.objectContaining({ key: 'hello', priority: 9, metadata: { a: 1 }, acceptanceCriteria: 'friendly', parent: { key: 'talk' } }),
        expect.objectContaining({ key: 'last', priority: 3, maxAttempts: 3, timeout: 1_000, dependencyEdges: [{ mode: 'SETTLED' }] }),
        expect.objectContaining({ key: 'never', status: 'SKIPPED', statusReason: 'CONDITION_FALSE' }),
      ]),
    });
  });

  it('expands a map over the output of a task: one task for each item', async () => {
    const { url, engine } = await startApp({ providers: [ListTexts] });
    const job = {
      name: 'mapped',
      tasks: [
        { key: 'list', agent: 'list-texts', input: {} },
        {
          key: 'each',
          map: { over: { task: 'list', path: '/texts' }, agent: 'shout', input: { value: { text: null } }, items: [{ at: '/text' }] },
        },
      ],
    };
    const { submitJob } = await dataOf<Submitted>(url, SUBMIT, { job });
    await ended(engine, submitJob.id);
    const { each } = await dataOf(url, 'query ($id: ID!) { each: task(id: $id) { status output children { nodes { agent output } } } }', {
      id: `${submitJob.id}:2`,
    });
    const outputs = [{ text: 'A' }, { text: 'B' }, { text: 'C' }];
    expect(each).toEqual({
      status: 'COMPLETED',
      output: outputs,
      children: { nodes: outputs.map((output) => ({ agent: 'shout', output })) },
    });
  });

  it('fails a job whose map is not over a list', async () => {
    const job = {
      name: 'mapped',
      tasks: [
        { key: 'names', agent: 'greet', input: { name: 'x' } },
        {
          key: 'each',
          map: { over: { task: 'names', path: '/text' }, agent: 'shout', input: { value: { text: null } }, items: [{ at: '/text' }] },
        },
      ],
    };
    // The list is a text here: the job must say so, not hang or crash.
    const { submitJob } = await dataOf<Submitted>(app.url, SUBMIT, { job });
    await ended(app.engine, submitJob.id);
    const { done } = await dataOf<{ done: { status: string; error: { code: string } } }>(
      app.url,
      'query ($id: ID!) { done: job(id: $id) { status error { code message } } }',
      { id: submitJob.id },
    );
    expect(done.status).toBe('FAILED');
  });
});

describe('cancelJob', () => {
  it('stops what runs and says who and why', async () => {
    const { id } = await app.engine.submitJob({ name: 'long', tasks: [{ key: 'a', agent: 'wait', input: {} }] });
    await app.gate.reached;
    const { cancelJob } = await dataOf(
      app.url,
      'mutation ($id: ID!) { cancelJob(id: $id, reason: "enough") { id status success tasks { nodes { key status statusReason } } } }',
      { id },
    );
    expect(cancelJob).toMatchObject({
      id,
      status: 'CANCELLED',
      success: false,
      tasks: { nodes: [{ status: 'CANCELLED' }, { key: 'a', status: 'CANCELLED', statusReason: 'JOB_CANCELLED' }] },
    });
    const { events } = await dataOf<{ events: object[] }>(app.url, 'query ($id: ID!) { events(jobId: $id) { type actor data } }', { id });
    expect(events.at(-1)).toMatchObject({ type: 'JOB_CANCELLED', actor: 'user', data: { reason: 'enough' } });
    const { errors } = await ask(app.url, 'mutation ($id: ID!) { cancelJob(id: $id) { id } }', { id });
    expect(errors).toMatchObject([{ extensions: { code: 'JOB_ALREADY_TERMINAL' } }]);
  });

  it('Q15: refuses a job that has ended, with its state, as everything else that would change it', async () => {
    const id = await runJob(app.engine, [{ key: 'a', agent: 'greet', input: { name: 'x' } }]);
    const refused = async (change: string): Promise<unknown> => (await ask(app.url, `mutation { ${change} { id } }`)).errors;
    for (const change of ['cancelJob', 'pauseJob'])
      expect(await refused(`${change}(id: "${id}")`)).toMatchObject([
        { extensions: { code: 'JOB_ALREADY_TERMINAL', details: { jobId: id, status: 'COMPLETED' } } },
      ]);
    for (const change of [`cancelTask(id: "${id}:1")`, `skipTask(id: "${id}:1")`, `resumeJob(id: "${id}")`])
      expect(await refused(change)).toMatchObject([{ extensions: { code: 'JOB_ALREADY_TERMINAL', details: { status: 'COMPLETED' } } }]);
    expect(await refused(`addTasks(jobId: "${id}", tasks: [{ key: "z", agent: "greet", input: { name: "x" } }])`)).toMatchObject([
      { extensions: { code: 'JOB_CLOSED', details: { status: 'COMPLETED' } } },
    ]);
    // There is nothing in it that could be run again.
    expect(await refused(`retryJob(id: "${id}")`)).toMatchObject([{ extensions: { code: 'ILLEGAL_MOVE' } }]);
    for (const change of [`confirmJob(id: "${id}")`, `acceptTask(id: "${id}:1")`, `rejectTask(id: "${id}:1", reason: "no")`])
      expect(await refused(change)).toMatchObject([
        { extensions: { code: expect.stringMatching(/^(ILLEGAL_MOVE|JOB_ALREADY_TERMINAL)$/), remedy: expect.any(String) } },
      ]);
    expect((await app.engine.reader.job(id))?.status).toBe('COMPLETED');
  });

  it('Q15: refuses a job that is not there', async () => {
    for (const change of ['cancelJob(id: "none")', 'retryJob(id: "none")', 'confirmJob(id: "none")', 'acceptTask(id: "none:1")'])
      expect((await ask(app.url, `mutation { ${change} { id } }`)).errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
  });
});

describe('retryJob', () => {
  it('runs what failed again and keeps the rest', async () => {
    Flaky.broken = true;
    const id = await runJob(app.engine, [
      { key: 'hello', agent: 'greet', input: { name: 'Ada' } },
      { key: 'flaky', agent: 'flaky', input: {}, dependsOn: ['hello'] },
    ]);
    Flaky.broken = false;
    const { retryJob } = await dataOf<{ retryJob: { status: string } }>(
      app.url,
      'mutation ($id: ID!) { retryJob(id: $id, reason: "repaired") { id status generation } }',
      { id },
    );
    expect(retryJob).toMatchObject({ id, status: 'RUNNING' });
    await ended(app.engine, id);
    const { job } = await dataOf(
      app.url,
      'query ($id: ID!) { job(id: $id) { status success tasks { nodes { key status generation attempt } } } }',
      { id },
    );
    expect(job).toMatchObject({ status: 'COMPLETED', success: true });
    const { events } = await dataOf<{ events: { type: string; taskKey: string }[] }>(
      app.url,
      'query ($id: ID!) { events(jobId: $id) { type taskKey } }',
      { id },
    );
    expect(events.filter(({ type, taskKey }) => type === 'TASK_STARTED' && taskKey === 'hello')).toHaveLength(1);
    expect(events.filter(({ type, taskKey }) => type === 'TASK_STARTED' && taskKey === 'flaky')).toHaveLength(2);
  });

  it('runs chosen tasks again', async () => {
    const id = await runJob(app.engine, [{ key: 'hello', agent: 'greet', input: { name: 'Ada' } }]);
    await dataOf(app.url, 'mutation ($id: ID!, $tasks: [ID!]) { retryJob(id: $id, tasks: $tasks) { id } }', { id, tasks: [`${id}:1`] });
    await ended(app.engine, id);
    const { events } = await dataOf<{ events: { type: string; taskKey: string }[] }>(
      app.url,
      'query ($id: ID!) { events(jobId: $id) { type taskKey } }',
      { id },
    );
    expect(events.filter(({ type, taskKey }) => type === 'TASK_STARTED' && taskKey === 'hello')).toHaveLength(2);
  });

  it('refuses a job that runs', async () => {
    const { id } = await app.engine.submitJob({ name: 'long', tasks: [{ key: 'a', agent: 'wait', input: {} }] });
    await app.gate.reached;
    expect((await ask(app.url, 'mutation ($id: ID!) { retryJob(id: $id) { id } }', { id })).errors).toMatchObject([
      { extensions: { code: 'ILLEGAL_MOVE' } },
    ]);
    app.gate.open();
  });
});
