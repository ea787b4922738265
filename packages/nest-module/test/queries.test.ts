import { Graphviz } from '@hpcc-js/wasm-graphviz';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { Flaky } from './support/agents.js';
import { ask, dataOf } from './support/ask.js';
import { ended, runJob, runWelcome } from './support/jobs.js';
import { startApp, stopApps, type TestApp } from './support/start-app.js';

let app: TestApp;
let jobId: string;

beforeAll(async () => {
  // On a fast machine the file asks more often than one client may.
  app = await startApp({ taskloom: { api: { limits: { operationsPerSecond: 10_000 } } } });
  jobId = await runWelcome(app.engine);
});
afterAll(stopApps);

describe('task', () => {
  it('tells from when it may start, and how long it may take and be silent', async () => {
    const runAt = Date.UTC(2026, 0, 1);
    const { id } = await app.engine.submitJob({
      name: 'timed',
      tasks: [
        { key: 'own', agent: 'greet', input: { name: 'x' }, runAt, overrides: { timeoutMs: 90_000, idleTimeoutMs: 80_000 } },
        { key: 'plain', agent: 'greet', input: { name: 'x' } },
      ],
    });
    const { tasks } = await dataOf<{ tasks: { nodes: readonly object[] } }>(
      app.url,
      'query ($id: ID!) { tasks(filter: { jobId: $id, type: [TASK] }) { nodes { key runAt timeout idleTimeout } } }',
      { id },
    );
    expect(tasks.nodes).toEqual([
      { key: 'own', runAt: '2026-01-01T00:00:00.000Z', timeout: 90_000, idleTimeout: 80_000 },
      { key: 'plain', runAt: null, timeout: 300_000, idleTimeout: 0 },
    ]);
    await ended(app.engine, id);
  });
});

describe('job', () => {
  it('tells everything of a job', async () => {
    const { job } = await dataOf(
      app.url,
      `query ($id: ID!) { job(id: $id) {
        id name workflow status success input output error { code message } progress priority maxParallel failureStrategy metadata generation
        counts { total pending ready inProgress blocked completed failed skipped cancelled accepted rejected dormant }
        createdAt startedAt finishedAt lastSeq
      } }`,
      { id: jobId },
    );
    expect(job).toMatchObject({
      id: jobId,
      name: 'welcome',
      workflow: 'welcome',
      status: 'COMPLETED',
      success: true,
      input: { name: 'Ada' },
      output: { text: 'HELLO, ADA!' },
      error: null,
      progress: 100,
      priority: 5,
      maxParallel: null,
      failureStrategy: 'ABORT',
      generation: expect.any(Number),
      counts: {
        total: 4,
        completed: 4,
        pending: 0,
        ready: 0,
        inProgress: 0,
        blocked: 0,
        failed: 0,
        skipped: 0,
        cancelled: 0,
        accepted: 0,
        rejected: 0,
        dormant: 0,
      },
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      finishedAt: expect.stringMatching(/Z$/),
      lastSeq: 11,
    });
  });

  it('Q7: is null for an id that no job has, and an error for what cannot be an id', async () => {
    expect(await dataOf(app.url, '{ job(id: "01a1fd0d-0000-7000-8000-000000000000") { id } }')).toEqual({ job: null });
    for (const id of [
      '',
      ' ',
      'a b',
      "x'; DROP TABLE job; --",
      '__proto__',
      'constructor',
      '\u202E',
      '😀',
      '\uD800',
      '\u0000',
      'a'.repeat(10_000),
    ]) {
      const { errors } = await ask(app.url, 'query ($id: ID!) { job(id: $id) { id } }', { id });
      expect(errors).toMatchObject([{ path: ['job'], extensions: { code: 'ID_INVALID' } }]);
      expect(errors[0]!.message.length).toBeLessThan(200);
    }
  });

  it.each([
    'query ($id: ID!) { task(id: $id) { id } }',
    'query ($id: ID!) { tasks(filter: { jobId: $id }) { nodes { id } } }',
    'query ($id: ID!) { tasks(filter: { parentId: $id }) { nodes { id } } }',
    'query ($id: ID!) { events(jobId: $id) { seq } }',
    'query ($id: ID!) { jobGraph(jobId: $id, format: DOT) }',
    'query ($id: ID!) { humanRequest(id: $id) { id } }',
    'query ($id: ID!) { humanRequests(jobId: $id) { id } }',
    'mutation ($id: ID!) { cancelJob(id: $id) { id } }',
    'mutation ($id: ID!) { retryTask(id: $id) { id } }',
    'mutation ($id: ID!) { answerHumanRequest(id: $id, answer: 1) { id } }',
    'mutation ($id: ID!) { addTasks(jobId: $id, tasks: []) { id } }',
  ])('Q7: takes no such id in %s either', async (query) => {
    for (const id of ['', '__proto__', "x'; DROP TABLE job; --", '\uD800', 'a'.repeat(10_000)])
      expect((await ask(app.url, query, { id })).errors).toMatchObject([{ extensions: { code: 'ID_INVALID' } }]);
  });

  it('shows the tree down to the subtasks, each with its neighbours', async () => {
    const { job } = await dataOf(
      app.url,
      `query ($id: ID!) { job(id: $id) { objective { key type parent { key } output children { nodes {
        key type agent children { edges { cursor node {
          key type agent status statusReason blockReason summary input output attempt maxAttempts timeout dependencyCount
          parent { key } dependencies { key status } dependencyEdges { taskId mode } dependents { key } history { seq type taskKey } children { totalCount }
        } } totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }
      } } } } }`,
      { id: jobId },
    );
    expect(job).toMatchObject({
      objective: {
        key: 'objective',
        type: 'OBJECTIVE',
        parent: null,
        output: { text: 'HELLO, ADA!' },
        children: {
          nodes: [
            {
              key: 'talk',
              type: 'STORY',
              agent: null,
              children: {
                totalCount: 2,
                pageInfo: { hasNextPage: false, hasPreviousPage: false },
                edges: [
                  {
                    node: {
                      key: 'greet',
                      agent: 'greet',
                      status: 'COMPLETED',
                      statusReason: null,
                      blockReason: null,
                      input: { name: 'Ada' },
                      output: { text: 'Hello, Ada!' },
                      attempt: 1,
                      maxAttempts: 1,
                      timeout: 300_000,
                      dependencyCount: 0,
                      parent: { key: 'talk' },
                      dependencies: [],
                      dependents: [{ key: 'shout' }],
                      history: [{ type: 'TASK_STARTED', taskKey: 'greet' }, { type: 'TASK_COMPLETED' }],
                      children: { totalCount: 0 },
                    },
                  },
                  {
                    node: {
                      key: 'shout',
                      input: null,
                      dependencies: [{ key: 'greet', status: 'COMPLETED' }],
                      dependencyEdges: [{ taskId: expect.any(String), mode: 'COMPLETED' }],
                    },
                  },
                ],
              },
            },
          ],
        },
      },
    });
  });
});

describe('jobs', () => {
  it('pages with stable cursors, newest first, and filters', async () => {
    const list = `query ($filter: JobFilter, $first: Int, $after: String) { jobs(filter: $filter, first: $first, after: $after) {
      totalCount nodes { id } edges { cursor } pageInfo { hasNextPage hasPreviousPage endCursor } } }`;
    type Data = {
      jobs: {
        totalCount: number;
        nodes: { id: string }[];
        pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string };
      };
    };
    const ids: string[] = [];
    for (const name of ['one', 'two', 'three'])
      ids.unshift(await runJob(app.engine, [{ key: 'a', agent: 'greet', input: { name } }], 'paged'));

    const filter = { name: 'paged', status: ['COMPLETED'] };
    const { jobs: firstPage } = await dataOf<Data>(app.url, list, { filter, first: 2 });
    expect(firstPage).toMatchObject({
      totalCount: 3,
      nodes: [{ id: ids[0] }, { id: ids[1] }],
      pageInfo: { hasNextPage: true, hasPreviousPage: false },
    });

    // A job that comes in between does not shift the next page.
    await runJob(app.engine, [{ key: 'a', agent: 'greet', input: { name: 'four' } }], 'paged');
    const { jobs: secondPage } = await dataOf<Data>(app.url, list, { filter, first: 2, after: firstPage.pageInfo.endCursor });
    expect(secondPage).toMatchObject({ nodes: [{ id: ids[2] }], pageInfo: { hasNextPage: false, hasPreviousPage: true } });

    const { jobs: ofWorkflow } = await dataOf<Data>(app.url, list, { filter: { workflow: 'welcome' } });
    expect(ofWorkflow.nodes).toEqual([{ id: jobId }]);
  });

  it.each([0, -1, 101, 1_000_000])('Q5: refuses a page of %i', async (first) => {
    for (const query of [
      'query ($first: Int) { jobs(first: $first) { nodes { id } } }',
      'query ($first: Int) { tasks(filter: {}, first: $first) { nodes { id } } }',
    ]) {
      expect((await ask(app.url, query, { first })).errors).toMatchObject([
        { extensions: { code: 'PAGE_SIZE', details: { first, min: 1, max: 100 } } },
      ]);
    }
  });

  it('Q5: has no way to page from the end, alone or together with the beginning', async () => {
    for (const page of ['last: 5', 'first: 5, last: 5', 'before: "x"'])
      expect((await ask(app.url, `{ jobs(${page}) { nodes { id } } }`)).errors).toMatchObject([
        { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
      ]);
  });

  it.each(['nonsense', '', 'eyJhIjoxfQ', '🙂', '-1', '1e308'])('Q6: refuses the cursor %j', async (after) => {
    for (const query of [
      'query ($after: String) { jobs(after: $after) { nodes { id } } }',
      'query ($after: String) { tasks(filter: {}, after: $after) { nodes { id } } }',
    ]) {
      const { errors } = await ask(app.url, query, { after });
      expect(errors.map(({ extensions }) => extensions.code)).toEqual(['CURSOR_INVALID']);
    }
  });

  it('Q6: refuses the cursor of another list', async () => {
    const { jobs, tasks } = await dataOf<Record<'jobs' | 'tasks', { pageInfo: { endCursor: string } }>>(
      app.url,
      '{ jobs(first: 1) { pageInfo { endCursor } } tasks(filter: {}, first: 1) { pageInfo { endCursor } } }',
    );
    const codes = async (query: string, after: string): Promise<string[]> =>
      (await ask(app.url, query, { after })).errors.map(({ extensions }) => extensions.code);
    expect(await codes('query ($after: String) { jobs(after: $after) { nodes { id } } }', tasks.pageInfo.endCursor)).toEqual([
      'CURSOR_INVALID',
    ]);
    expect(await codes('query ($after: String) { tasks(filter: {}, after: $after) { nodes { id } } }', jobs.pageInfo.endCursor)).toEqual([
      'CURSOR_INVALID',
    ]);
  });
});

describe('task and tasks', () => {
  it('finds tasks by every filter', async () => {
    type Data = { tasks: { nodes: { id: string; key: string }[]; totalCount: number } };
    const find = async (filter: object): Promise<string[]> => {
      const { tasks } = await dataOf<Data>(
        app.url,
        'query ($filter: TaskFilter!) { tasks(filter: $filter) { nodes { id key } totalCount } }',
        { filter },
      );
      expect(tasks.totalCount).toBe(tasks.nodes.length);
      return tasks.nodes.map(({ key }) => key);
    };
    expect(await find({ jobId })).toEqual(['objective', 'talk', 'greet', 'shout']);
    expect(await find({ jobId, type: ['STORY'] })).toEqual(['talk']);
    expect(await find({ jobId, agent: 'shout' })).toEqual(['shout']);
    expect(await find({ jobId, status: ['FAILED'] })).toEqual([]);
    expect(await find({ jobId, text: 'SHOU' })).toEqual(['shout']);
    expect(await find({ jobId, kind: 'none' })).toEqual([]);
    const { tasks } = await dataOf<Data>(
      app.url,
      'query ($filter: TaskFilter!) { tasks(filter: $filter) { nodes { id key } totalCount } }',
      { filter: { jobId, text: 'talk' } },
    );
    expect(await find({ parentId: tasks.nodes[0]!.id })).toEqual(['greet', 'shout']);
  });

  it('gives one task, or null', async () => {
    expect(await dataOf(app.url, 'query ($id: ID!) { task(id: $id) { key jobId } }', { id: `${jobId}:2` })).toEqual({
      task: { key: 'greet', jobId },
    });
    expect(await dataOf(app.url, 'query ($id: ID!) { task(id: $id) { key } }', { id: `${jobId}:99` })).toEqual({ task: null });
    expect((await ask(app.url, '{ task(id: "no task") { key } }')).errors).toMatchObject([{ extensions: { code: 'ID_INVALID' } }]);
  });
});

describe('the attempts at a task', () => {
  it('are told latest first, with what became of each', async () => {
    Flaky.broken = true;
    const graph = '{ name: "x", tasks: [{ key: "a", agent: "flaky", input: {}, overrides: { retry: { maxAttempts: 2, delay: 1 } } }] }';
    const { submitJob } = await dataOf<{ submitJob: { id: string } }>(app.url, `mutation { submitJob(job: ${graph}) { id } }`);
    const { id } = submitJob;
    await ended(app.engine, id);
    Flaky.broken = false;
    await app.engine.retryTask(`${id}:1`);
    await ended(app.engine, id);
    const { task } = await dataOf(
      app.url,
      'query ($id: ID!) { task(id: $id) { attempts { number status startedAt endedAt error { code message } } } }',
      {
        id: `${id}:1`,
      },
    );
    const error = { code: 'AGENT_FAILED', message: 'out of order' };
    const times = { startedAt: expect.any(String), endedAt: expect.any(String) };
    expect(task).toEqual({
      attempts: [
        { number: 1, status: 'COMPLETED', error: null, ...times },
        { number: 2, status: 'FAILED', error, ...times },
        { number: 1, status: 'FAILED', error, ...times },
      ],
    });
    const { task: shown } = await dataOf(app.url, 'query ($id: ID!) { task(id: $id) { attempts(first: 1) { number } } }', {
      id: `${id}:1`,
    });
    expect(shown).toEqual({ attempts: [{ number: 1 }] });
  });
});

describe('large inputs and outputs', () => {
  it('are whole on a single task and previews in a list', async () => {
    const id = await runJob(app.engine, [{ key: 'fill', agent: 'fill', input: { length: 50_000 } }]);
    const { task, job } = await dataOf<{
      task: { output: { text: string } };
      job: { tasks: { nodes: { key: string; output: unknown }[] } };
    }>(app.url, 'query ($task: ID!, $job: ID!) { task(id: $task) { output } job(id: $job) { tasks { nodes { key output } } } }', {
      task: `${id}:1`,
      job: id,
    });
    expect(task.output.text).toHaveLength(50_000);
    const { output } = job.tasks.nodes.find(({ key }) => key === 'fill')!;
    expect(output).toEqual({ $bytes: 50_011, $preview: expect.stringMatching(/^\{"text":"xxx/) });
    expect(JSON.stringify(output).length).toBeLessThan(5_000);
  });
});

describe('agents and workflows', () => {
  it('are listed with their schemas', async () => {
    const { agents, loud, agent, none, workflow, workflows } = await dataOf<Record<string, { name: string }[]>>(
      app.url,
      `{ agents { name } loud: agents(capability: "loud") { name }
        agent(name: "greet") { name description version capabilities inputSchema outputSchema } none: agent(name: "nobody") { name }
        workflows { name } workflow(name: "welcome") { name description version inputSchema outputSchema } }`,
    );
    expect(agents!.map(({ name }) => name)).toEqual(expect.arrayContaining(['greet', 'shout']));
    expect(loud).toEqual([{ name: 'shout' }]);
    expect(agent).toMatchObject({
      name: 'greet',
      description: 'Greets somebody',
      version: '1',
      capabilities: ['talk'],
      inputSchema: { type: 'object', required: ['name'] },
      outputSchema: { type: 'object' },
    });
    expect(none).toBeNull();
    expect(workflows).toEqual([{ name: 'welcome' }]);
    expect(workflow).toMatchObject({ name: 'welcome', inputSchema: { type: 'object' }, outputSchema: { type: 'object' } });
  });

  it('are found by what they accept', async () => {
    const { agentsAccepting } = await dataOf<{ agentsAccepting: { name: string }[] }>(
      app.url,
      '{ agentsAccepting(input: { length: 3 }) { name } }',
    );
    const names = agentsAccepting.map(({ name }) => name);
    expect(names).toContain('fill');
    expect(names).not.toContain('greet');
  });
});

describe('events', () => {
  it('gives them in order from the cursor on', async () => {
    type Data = { events: { seq: number; type: string; data: object }[] };
    const { events } = await dataOf<Data>(
      app.url,
      'query ($id: ID!) { events(jobId: $id) { jobId seq type taskId taskKey at actor engine { id name } data } }',
      { id: jobId },
    );
    expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    const { id, name } = app.engine;
    expect(events[0]).toMatchObject({ jobId, type: 'JOB_SUBMITTED', taskId: null, actor: 'user', engine: { id, name } });
    expect(events.at(-1)).toMatchObject({ type: 'JOB_COMPLETED' });
    const { events: some } = await dataOf<Data>(app.url, 'query ($id: ID!) { events(jobId: $id, afterSeq: 4, first: 2) { seq } }', {
      id: jobId,
    });
    expect(some.map(({ seq }) => seq)).toEqual([5, 6]);
  });

  it.each([-1, 12, 2_147_483_647])('Q6: refuses the cursor %i', async (afterSeq) => {
    const { errors } = await ask(app.url, 'query ($id: ID!, $afterSeq: Int) { events(jobId: $id, afterSeq: $afterSeq) { seq } }', {
      id: jobId,
      afterSeq,
    });
    expect(errors).toMatchObject([{ extensions: { code: 'CURSOR_INVALID', details: { afterSeq, lastSeq: 11 } } }]);
  });

  it('refuses an unknown job and too large a page', async () => {
    const { errors } = await ask(app.url, '{ unknown: events(jobId: "none") { seq } }');
    expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    expect((await ask(app.url, 'query ($id: ID!) { events(jobId: $id, first: 1001) { seq } }', { id: jobId })).errors).toMatchObject([
      { extensions: { code: 'PAGE_SIZE', remedy: 'Ask for 1 to 1000 items, and for more with `afterSeq`.' } },
    ]);
  });
});

describe('jobGraph', () => {
  it('draws in three languages, with little or much detail', async () => {
    const { dot, mermaid, json, detailed, part } = await dataOf<Record<string, string>>(
      app.url,
      `query ($id: ID!, $task: ID!) { dot: jobGraph(jobId: $id, format: DOT) mermaid: jobGraph(jobId: $id, format: MERMAID) json: jobGraph(jobId: $id, format: JSON)
        detailed: jobGraph(jobId: $id, format: DOT, detail: DETAILED) part: jobGraph(jobId: $id, format: MERMAID, taskId: $task, depth: 1) }`,
      { id: jobId, task: `${jobId}:1` },
    );
    expect(dot).toMatch(/^digraph/);
    expect(mermaid).toMatch(/^flowchart|^graph/m);
    expect(JSON.parse(json!)).toMatchObject({ nodes: expect.any(Array), edges: expect.any(Array) });
    expect(detailed!.length).toBeGreaterThan(dot!.length);
    expect(part).toContain('greet');
  });

  it('A15: renders in Graphviz with quotes, newlines and emoji in names and descriptions', async () => {
    const { url, engine } = await startApp();
    const text = 'say "hi"\n\\N {a|b} 👩‍👩‍👧 <b>x</b> "];';
    const task = { key: 'a', agent: 'greet', input: { name: text }, name: text, description: text };
    const { submitJob } = await dataOf<{ submitJob: { id: string } }>(
      url,
      'mutation ($job: SubmitJobInput!) { submitJob(job: $job) { id } }',
      {
        job: {
          name: text,
          tasks: [
            { key: 's', type: 'STORY', description: text },
            { ...task, parent: 's' },
            { ...task, key: 'b' },
          ],
        },
      },
    );
    await ended(engine, submitJob.id);
    const drawn = await dataOf<Record<string, string>>(
      url,
      'query ($id: ID!) { simple: jobGraph(jobId: $id, format: DOT) detailed: jobGraph(jobId: $id, format: DOT, detail: DETAILED) }',
      { id: submitJob.id },
    );
    const graphviz = await Graphviz.load();
    for (const dot of Object.values(drawn)) {
      // Whatever Graphviz cannot read, it throws.
      const { objects } = JSON.parse(graphviz.layout(dot, 'json', 'dot')) as { objects: { name: string; tooltip?: string }[] };
      const tooltips = new Map(objects.map(({ name, tooltip }) => [name, tooltip]));
      for (const name of ['t1', 't2', 't3']) {
        expect(tooltips.get(name)).toContain('say "hi"');
        expect(tooltips.get(name)).toContain('👩‍👩‍👧 <b>x</b> "];');
      }
    }
  });

  it('refuses a depth around no task', async () => {
    const { errors } = await ask(app.url, 'query ($id: ID!) { jobGraph(jobId: $id, format: DOT, depth: 1) }', { id: jobId });
    expect(errors).toMatchObject([{ message: expect.stringContaining('`taskId`'), extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  it('refuses an unknown job', async () => {
    expect((await ask(app.url, '{ jobGraph(jobId: "none", format: DOT) }')).errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
  });
});
