import { TaskloomClient, type HumanRequest, type JobState, type TaskState } from '@taskloom/client';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { startJobApp, stopJobApps, type JobApp } from '../support/job-app.js';

jest.setTimeout(90_000);

/*
 * Every operation of the client on a real server. They are tried here because the client itself knows the schema only, and
 * may not know the module that serves it.
 */

let app: JobApp;
let client: TaskloomClient;

beforeEach(async () => {
  app = await startJobApp();
  client = new TaskloomClient({ url: app.url, transport: 'sse' });
});
afterEach(async () => {
  await client.dispose();
  await stopJobApps();
});

async function waitingJob(): Promise<JobState> {
  const job = await client.startWorkflow('waiting', {});
  await app.gate.reached;
  return job;
}

async function brokenJob(): Promise<string> {
  const { id } = await client.startWorkflow('breaking', {});
  await client.result(id).catch(() => {});
  return id;
}

async function taskOf(jobId: string, agent: string): Promise<TaskState> {
  const { items } = await client.tasks({ jobId, agent });
  return items[0]!;
}

async function questionOf(jobId: string): Promise<HumanRequest> {
  for await (const request of client.humanRequestUpdates(jobId)) return request;
  throw new Error('nobody is asked');
}

describe('jobs', () => {
  it('start, are found, and give their results', async () => {
    const metadata = { owner: 'ada' };
    const job = await client.startWorkflow(
      'welcome',
      { names: ['Ada'] },
      { idempotencyKey: 'one', priority: 7, metadata, deadline: new Date('2100-01-01') },
    );
    expect(job).toMatchObject({ workflow: 'welcome', priority: 7, deadline: '2100-01-01T00:00:00.000Z', counts: { total: 3 } });
    expect(await client.result<{ texts: string[] }>(job.id)).toEqual({ texts: ['Hello, Ada!'] });
    expect(await client.job(job.id)).toMatchObject({ id: job.id, status: 'COMPLETED', success: true, progress: 100, error: null });
    expect(await client.jobDetails(job.id)).toMatchObject({
      input: { names: ['Ada'] },
      output: { texts: ['Hello, Ada!'] },
      metadata,
      objective: { type: 'OBJECTIVE', status: 'COMPLETED' },
    });
    expect(await client.job('01a1fd45-f7d5-7d49-8eb9-d2ac85137102')).toBeNull();
    expect(await client.jobDetails('01a1fd45-f7d5-7d49-8eb9-d2ac85137102')).toBeNull();
  });

  it('can be explicit graphs, which grow while they run', async () => {
    const job = await client.submitJob({
      name: 'by hand',
      tasks: [
        { key: 'hold', agent: 'wait', input: {} },
        { key: 'hello', agent: 'greet', input: { name: 'Ada' }, dependsOn: [{ task: 'hold' }] },
      ],
    });
    const [added] = await client.addTasks(job.id, [{ key: 'more', agent: 'greet', input: { name: 'Alan' } }], { reason: 'forgotten' });
    expect(added).toMatchObject({ key: 'more', agent: 'greet' });
    const late = (
      await client.addTasks(job.id, [{ key: 'late', agent: 'greet', input: { name: 'Grace' }, dependsOn: [{ task: 'hold' }] }])
    )[0]!;
    const hello = await taskOf(job.id, 'greet');
    expect(await client.addDependency(late.id, hello.id, { mode: 'SETTLED', reason: 'in turn' })).toMatchObject({ id: late.id });
    expect((await client.task(late.id))!.dependencyEdges).toContainEqual({ taskId: hello.id, mode: 'SETTLED' });
    app.gate.open();
    await client.result(job.id);
    expect((await client.tasks({ jobId: job.id, status: ['COMPLETED'] }, { count: true })).totalCount).toBe(5);
  });

  it('can be steps in their order', async () => {
    const greet = (key: string, more: object = {}) => ({ key, agent: 'greet', input: { name: key }, ...more });
    const job = await client.submitJob({ name: 'in order', steps: [greet('a'), greet('b', { parallel: true }), greet('c')] });
    await client.result(job.id);
    const { items } = await client.tasks({ jobId: job.id, type: ['TASK'] });
    const waits = await Promise.all(items.map(async ({ id }) => (await client.task(id))!.dependencyEdges.map(({ taskId }) => taskId)));
    expect(items.map(({ key }) => key)).toEqual(['a', 'b', 'c']);
    expect(waits).toEqual([[], [], items.slice(0, 2).map(({ id }) => id)]);
  });

  it('are listed in pages, and one by one', async () => {
    const ids: string[] = [];
    for (let nth = 0; nth < 3; nth += 1) ids.unshift((await client.startWorkflow('welcome', { names: [] })).id);
    const first = await client.jobs({ filter: { workflow: 'welcome' }, first: 2, count: true });
    expect([first.items.map(({ id }) => id), first.hasNextPage, first.totalCount]).toEqual([ids.slice(0, 2), true, 3]);
    const second = await client.jobs({ filter: { workflow: 'welcome' }, after: first.endCursor });
    expect([second.items.map(({ id }) => id), second.hasNextPage, second.totalCount]).toEqual([ids.slice(2), false, null]);
    const all: string[] = [];
    for await (const { id } of client.everyJob({ filter: { status: ['RUNNING', 'COMPLETED'] } })) all.push(id);
    expect(all).toEqual(ids);
  });

  it('are confirmed, paused, resumed, cancelled and retried', async () => {
    const unconfirmed = await client.startWorkflow('welcome', { names: [] }, { confirm: true });
    expect(unconfirmed.status).toBe('AWAITING_CONFIRMATION');
    await client.confirmJob(unconfirmed.id);
    await client.result(unconfirmed.id);
    const { id } = await waitingJob();
    expect((await client.pauseJob(id, { reason: 'wait' })).status).toBe('PAUSED');
    expect((await client.resumeJob(id)).status).toBe('RUNNING');
    expect((await client.cancelJob(id, { reason: 'enough' })).status).toBe('CANCELLED');
    await expect(client.cancelJob(id)).rejects.toMatchObject({ name: 'ApiResponseError', code: 'JOB_ALREADY_TERMINAL' });
    await expect(client.result(id)).rejects.toMatchObject({ code: 'JOB_CANCELLED' });
    const broken = await brokenJob();
    app.gate.isRepaired = true;
    const failed = await taskOf(broken, 'break');
    expect(await client.retryJob(broken, { tasks: [failed.id], reason: 'repaired' })).toMatchObject({ status: 'RUNNING', generation: 2 });
    expect(await client.result(broken)).toEqual({ text: 'Hello, Ada!' });
  });

  it('tell their events, as they are and as they come', async () => {
    const { id } = await client.startWorkflow('welcome', { names: ['Ada'] });
    await client.result(id);
    const all = await client.events(id, { first: 1_000 });
    expect(all.map(({ seq }) => seq)).toEqual(all.map((_, index) => index + 1));
    expect(await client.events(id, { afterSeq: 2, first: 2 })).toEqual(all.slice(2, 4));
    const streamed = [];
    for await (const event of client.jobEvents(id, { afterSeq: 2 })) streamed.push(event);
    expect(streamed).toEqual(all.slice(2));
    const greet = await taskOf(id, 'greet');
    const narrowed = [];
    for await (const event of client.jobEvents(id, { types: ['TASK_COMPLETED'], taskId: greet.id })) narrowed.push(event.type);
    expect(narrowed).toEqual(['TASK_COMPLETED']);
    expect((await client.taskHistory(greet.id))!.every(({ taskId }) => taskId === greet.id)).toBe(true);
    expect(await client.taskHistory(greet.id, { first: 1 })).toHaveLength(1);
    expect(await client.taskHistory(`${id}:999`)).toBeNull();
  });

  it('tell what they have spent, story by story', async () => {
    const { id } = await client.submitJob({
      name: 'spending',
      tasks: [
        { key: 'read', type: 'STORY', name: 'Reading' },
        { key: 'a', parent: 'read', agent: 'spend', input: { tokens: 1_200 } },
        { key: 'b', agent: 'spend', input: { tokens: 3, usd: 0.25 } },
      ],
    });
    await client.result(id);
    const tokens = (amount: number) => ({ unit: 'tokens', amount });
    expect(await client.jobCost(id)).toEqual({
      cost: [tokens(1_203), { unit: 'usd', amount: 0.25 }],
      stories: [{ taskId: `${id}:1`, key: 'read', name: 'Reading', cost: [tokens(1_200)] }],
    });
    expect(await client.jobCost('01a1fd45-f7d5-7d49-8eb9-d2ac85137102')).toBeNull();
    const { cost, tasks } = (await client.jobReport(id))!;
    expect(cost).toEqual([tokens(1_203), { unit: 'usd', amount: 0.25 }]);
    expect(tasks.find(({ key }) => key === 'read')).toMatchObject({ cost: [], totalCost: [tokens(1_200)] });
  });

  it('are reported on', async () => {
    const id = await brokenJob();
    const report = (await client.jobReport(id))!;
    expect(report).toMatchObject({ job: { id, status: 'FAILED' }, tookMs: expect.any(Number), tasksLeftOut: 0 });
    expect(report.tasks.map(({ key, status, attempt }) => [key, status, attempt])).toEqual([
      [expect.any(String), 'FAILED', 0],
      ['break', 'FAILED', 1],
      ['greet', 'CANCELLED', 0],
    ]);
    expect(report.tasks[1]!.attempts).toMatchObject([{ number: 1, status: 'FAILED', error: { code: 'AGENT_FAILED' } }]);
    expect(await client.jobReport(id, { first: 1 })).toMatchObject({ tasks: [{ type: 'OBJECTIVE' }], tasksLeftOut: 2 });
    expect(await client.jobReport('01a1fd45-f7d5-7d49-8eb9-d2ac85137102')).toBeNull();
  });

  it('are drawn', async () => {
    const { id } = await client.startWorkflow('welcome', { names: ['Ada'] });
    await client.result(id);
    expect(await client.jobGraph(id, { format: 'MERMAID' })).toMatch(/^flowchart/);
    const near = await client.jobGraph(id, { format: 'DOT', detail: 'DETAILED', taskId: (await taskOf(id, 'greet')).id, depth: 0 });
    expect(near).toMatch(/^digraph/);
  });
});

describe('tasks', () => {
  it('are found with all that there is to know', async () => {
    const { id } = await waitingJob();
    const tasks: TaskState[] = [];
    for await (const task of client.everyTask({ jobId: id })) tasks.push(task);
    expect(tasks.map(({ agent, status }) => [agent, status])).toEqual([
      ['$output', 'BLOCKED'],
      ['greet', 'COMPLETED'],
      ['wait', 'IN_PROGRESS'],
    ]);
    const begun = [];
    for await (const { agent } of client.everyTask({ jobId: id }, { order: 'RUNNING_LONGEST' })) begun.push(agent);
    expect(begun).toEqual(['greet', 'wait', '$output']);
    expect((await client.tasks({ jobId: id }, { order: 'RUNNING_LONGEST', first: 1 })).items).toMatchObject([{ agent: 'greet' }]);
    const wait = await client.task(tasks[2]!.id);
    expect(wait).toMatchObject({
      jobId: id,
      parent: { id: tasks[0]!.id },
      input: {},
      output: null,
      why: { code: 'RUNNING', message: expect.any(String), blockers: [] },
      dependencyEdges: [{ taskId: tasks[1]!.id, mode: 'COMPLETED' }],
      dependencyCount: 1,
      durability: 'RETRY',
      held: false,
    });
    expect(await client.task(`${id}:999`)).toBeNull();
  });

  it('are paused, resumed, skipped and cancelled', async () => {
    const job = await client.submitJob({
      name: 'by hand',
      tasks: [
        { key: 'hold', agent: 'wait', input: {} },
        { key: 'a', agent: 'greet', input: { name: 'a' }, dependsOn: [{ task: 'hold' }] },
        { key: 'b', agent: 'greet', input: { name: 'b' }, dependsOn: [{ task: 'hold' }] },
      ],
    });
    await app.gate.reached;
    const byKey = async (key: string): Promise<TaskState> =>
      (await client.tasks({ jobId: job.id, text: key })).items.find((task) => task.key === key)!;
    const { id: a } = await byKey('a');
    expect(await client.pauseTask(a, { reason: 'wait' })).toMatchObject({ id: a, held: true });
    expect(await client.resumeTask(a)).toMatchObject({ held: false });
    expect(await client.skipTask(a, { reason: 'not needed' })).toMatchObject({ status: 'SKIPPED', statusReason: 'BY_PERSON' });
    const { id: b } = await byKey('b');
    expect(await client.cancelTask(b, { reason: 'no' })).toMatchObject({ status: 'CANCELLED' });
    expect(await client.retryTask(a)).toMatchObject({ id: a, generation: 2 });
  });

  it('are judged', async () => {
    const job = await client.submitJob({ name: 'judged', tasks: ['good', 'bad'].map((key) => ({ key, agent: 'draft', input: {} })) });
    const judgeable = new Set<string>();
    for await (const { id, statusReason } of client.taskUpdates(job.id)) {
      if (statusReason === 'WAITING_REVIEW') judgeable.add(id);
      if (judgeable.size === 2) break;
    }
    const { items } = await client.tasks({ jobId: job.id, agent: 'draft' });
    expect(await client.acceptTask(items[0]!.id, { reason: 'fine' })).toMatchObject({ status: 'ACCEPTED' });
    expect(await client.rejectTask(items[1]!.id, 'more heart')).toMatchObject({ id: items[1]!.id });
    await expect(client.resumeTask(items[1]!.id, { as: 'COMPLETED', output: { text: 'x' } })).rejects.toMatchObject({
      name: 'ApiResponseError',
    });
  });
});

describe('questions to people', () => {
  it('are listed, watched and answered', async () => {
    const { id } = await client.startWorkflow('asking', {});
    const question = await questionOf(id);
    expect(question).toMatchObject({ jobId: id, status: 'OPEN', name: 'approval', answerSchema: { type: 'object' } });
    expect(await client.humanRequests({ jobId: id })).toEqual([question]);
    expect(await client.humanRequests({ jobId: id, assignee: 'nobody' })).toEqual([]);
    expect(await client.humanRequest(question.id)).toEqual(question);
    expect(await client.humanRequest(`${id}:q99`)).toBeNull();
    await expect(client.answerHumanRequest(question.id, { approved: 1 })).rejects.toMatchObject({ code: 'INPUT_SCHEMA' });
    await expect(client.answerHumanRequest(question.id, { approved: true }, { requestHash: 'of another' })).rejects.toMatchObject({
      code: 'REQUEST_CHANGED',
    });
    const { requestHash } = question;
    expect(await client.answerHumanRequest(question.id, { approved: true }, { requestHash })).toMatchObject({
      status: 'ANSWERED',
      answer: { approved: true },
    });
    expect(await client.result(id)).toEqual({ approved: true });
    expect(await client.humanRequests({ open: false, first: 1 })).toMatchObject([{ id: question.id }]);
  });
});

describe('what the application has', () => {
  it('is told with its schemas', async () => {
    expect((await client.agents()).map(({ name }) => name).sort()).toEqual(['ask', 'break', 'draft', 'greet', 'spend', 'wait']);
    expect((await client.agents({ capability: 'talk' })).map(({ name }) => name)).toEqual(['greet']);
    expect(await client.agent('greet')).toMatchObject({ inputSchema: { required: ['name'] }, outputSchema: { required: ['text'] } });
    expect(await client.agent('nobody')).toBeNull();
    expect((await client.agentsAccepting({ name: 'Ada' })).map(({ name }) => name)).toContain('greet');
    expect((await client.workflows()).map(({ name }) => name).sort()).toEqual(['asking', 'breaking', 'waiting', 'welcome']);
    expect(await client.workflow('welcome')).toMatchObject({ inputSchema: { required: ['names'] } });
    expect(await client.workflow('nothing')).toBeNull();
  });
});

describe('the overview', () => {
  it('is told, and again when it has changed', async () => {
    const { id } = await waitingJob();
    expect(await client.overview()).toMatchObject({ jobs: { running: 1, total: 1 }, slowestTasks: [{ jobId: id, agent: 'wait' }] });
    expect((await client.overview()).limits!.map(({ name }) => name)).toContain('process');
    for await (const { jobs, tasks } of client.overviewUpdates()) {
      if (tasks.inProgress > 0) app.gate.open();
      if (jobs.completed === 1) break;
    }
  });
});

describe('what goes wrong', () => {
  it('is told, pushed and acknowledged', async () => {
    const watched = await startJobApp({ monitor: { taskDuration: 1 } });
    const own = new TaskloomClient({ url: watched.url, transport: 'sse' });
    const { id } = await own.startWorkflow('waiting', {});
    const kinds: string[] = [];
    for await (const alert of own.alertUpdates()) {
      kinds.push(alert.kind);
      if (alert.jobId === id && alert.acknowledgedBy !== null) break;
      if (alert.jobId === id && alert.active) expect((await own.acknowledgeAlert(alert.id)).acknowledgedBy).toBe('user');
    }
    expect(kinds).toContain('TASK_DURATION');
    expect((await own.alerts({ active: null, first: 5 })).map(({ jobId }) => jobId)).toContain(id);
    expect(await own.metrics()).toMatchObject({ jobs: { submitted: 1 }, openJobs: { running: 1 } });
    await own.dispose();
  });
});

describe('streams of states', () => {
  it('begin with what is, go on with each change and end with the job', async () => {
    const { id } = await waitingJob();
    const statuses: string[] = [];
    const watched = (async () => {
      for await (const { status } of client.jobUpdates(id)) {
        statuses.push(status);
        if (statuses.length === 1) app.gate.open();
      }
    })();
    const tasks = new Map<string, string>();
    for await (const { key, status } of client.taskUpdates(id)) tasks.set(key, status);
    await watched;
    expect([statuses[0], statuses.at(-1)]).toEqual(['RUNNING', 'COMPLETED']);
    expect([...tasks.values()]).toEqual(['COMPLETED', 'COMPLETED', 'COMPLETED']);
  });

  it('of all jobs begin with the open ones; those of one task are told alone', async () => {
    const { id } = await waitingJob();
    for await (const state of client.jobUpdates(null)) {
      expect(state.id).toBe(id);
      break;
    }
    const wait = await taskOf(id, 'wait');
    const seen = new Set<string>();
    const narrowed = (async () => {
      for await (const task of client.taskUpdates(id, { taskId: wait.id, subtree: true })) {
        seen.add(task.id);
        app.gate.open();
      }
    })();
    await client.result(id);
    await narrowed;
    expect([...seen]).toEqual([wait.id]);
  });
});
