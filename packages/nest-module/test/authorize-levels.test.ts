import { afterEach, describe, expect, it } from '@jest/globals';

import type { ApiCaller, ApiRequest, AuthorizeHooks } from '../src/index.js';
import { ended } from './support/jobs.js';
import { post, type RawAnswer } from './support/raw-http.js';
import { RawSocket } from './support/raw-socket.js';
import { startApp, stopApps, type TestApp } from './support/start-app.js';
import { closeSockets, resultsOf, socketClient, watch } from './support/watch.js';

afterEach(async () => {
  await closeSockets();
  await stopApps();
});

const byToken = ({ headers, connectionParams }: ApiRequest): ApiCaller => ({
  name: String(connectionParams?.['token'] ?? headers['authorization'] ?? 'nobody'),
});

async function appWith(hooks: Partial<AuthorizeHooks>): Promise<TestApp & { as: (name: string, query: string) => Promise<RawAnswer> }> {
  const app = await startApp({ taskloom: { api: { authorize: { caller: byToken, ...hooks } } } });
  return { ...app, as: (name, query) => post(app.url, query, { authorization: name }) };
}

const greet = (key: string, owner: string) => ({ key, agent: 'greet', input: { name: owner }, metadata: { owner } });

async function jobOf({ engine }: TestApp, owner: string): Promise<string> {
  const { id } = await engine.submitJob({
    name: `of-${owner}`,
    tasks: [greet('a', owner), greet('b', 'bob')],
    options: { metadata: { owner } },
  });
  await ended(engine, id);
  return id;
}

describe('the `job` hook', () => {
  const hooks: Partial<AuthorizeHooks> = {
    job: (caller, job, action) => job.metadata?.['owner'] === caller.name || (caller.name === 'auditor' && action === 'read'),
  };

  it('tells of a job that it hides no more by what becomes of cursors than of one that never was (Q6)', async () => {
    const app = await appWith(hooks);
    const [mine, other, theirs] = [await jobOf(app, 'ada'), await jobOf(app, 'ada'), await jobOf(app, 'bob')];
    const page = (jobId: string, after?: string): string =>
      `{ tasks(filter: { jobId: "${jobId}" }, first: 1${after === undefined ? '' : `, after: "${after}"`}) { nodes { key } pageInfo { endCursor hasNextPage } } }`;
    type Page = { readonly tasks: { readonly pageInfo: { readonly endCursor: string } } };
    const { endCursor } = ((await app.as('ada', page(mine))).json().data as Page).tasks.pageInfo;

    expect((await app.as('ada', page(mine, endCursor))).json().data).toMatchObject({ tasks: { nodes: [{ key: 'a' }] } });
    expect((await app.as('ada', page(other, endCursor))).json().errors).toMatchObject([{ extensions: { code: 'CURSOR_INVALID' } }]);
    for (const after of [undefined, endCursor, 'nonsense'])
      expect((await app.as('ada', page(theirs, after))).body).toBe((await app.as('ada', page('no-such-job', after))).body);
  });

  it('hides a job everywhere: by id, in lists, its tasks, events, graph and payloads', async () => {
    const app = await appWith(hooks);
    const mine = await jobOf(app, 'ada');
    const theirs = await jobOf(app, 'bob');
    const seen = await app.as(
      'ada',
      `{ job(id: "${theirs}") { id } task(id: "${theirs}:1") { output } jobs { nodes { id } pageInfo { endCursor } } mine: job(id: "${mine}") { output tasks { nodes { key output } } } tasks(filter: {}) { nodes { jobId } } }`,
    );
    expect(seen.body).not.toContain(theirs);
    expect(seen.json().data).toMatchObject({
      job: null,
      task: null,
      jobs: { nodes: [{ id: mine }], pageInfo: { endCursor: expect.any(String) } },
      tasks: { nodes: [{ jobId: mine }, { jobId: mine }, { jobId: mine }] },
    });
    for (const query of [
      `{ events(jobId: "${theirs}") { seq } }`,
      `{ jobGraph(jobId: "${theirs}", format: JSON) }`,
      `mutation { cancelJob(id: "${theirs}") { id } }`,
      `mutation { retryJob(id: "${theirs}") { id } }`,
    ]) {
      const foreign = (await app.as('ada', query)).json().errors;
      const missing = (await app.as('ada', query.replaceAll(theirs, 'none'))).json().errors;
      expect(foreign).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
      expect(JSON.stringify(foreign).replaceAll(theirs, 'none')).toBe(JSON.stringify(missing));
    }
  });

  it('may let somebody look and not touch', async () => {
    const app = await appWith(hooks);
    const id = await jobOf(app, 'ada');
    expect((await app.as('auditor', `{ job(id: "${id}") { name } }`)).json().data).toEqual({ job: { name: 'of-ada' } });
    expect((await app.as('auditor', `mutation { retryJob(id: "${id}") { id } }`)).json().errors).toMatchObject([
      { extensions: { code: 'NOT_FOUND' } },
    ]);
    expect((await app.as('ada', `mutation { retryJob(id: "${id}", tasks: ["${id}:1"]) { id } }`)).json().errors).toBeUndefined();
  });

  it('lets nobody count what it hides', async () => {
    const app = await appWith(hooks);
    expect((await app.as('ada', '{ jobs { totalCount } }')).json().errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect((await app.as('ada', '{ tasks(filter: {}) { totalCount } }')).json().errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN' } },
    ]);
  });

  it('reads on behind a page of which nothing may be seen', async () => {
    const app = await appWith(hooks);
    const mine = await jobOf(app, 'ada');
    await jobOf(app, 'bob');
    const page = (await app.as('ada', '{ jobs(first: 1) { nodes { id } pageInfo { hasNextPage endCursor } } }')).json().data!['jobs'] as {
      nodes: unknown[];
      pageInfo: { endCursor: string };
    };
    expect(page).toMatchObject({ nodes: [], pageInfo: { hasNextPage: true } });
    const next = await app.as('ada', `{ jobs(first: 1, after: "${page.pageInfo.endCursor}") { nodes { id } } }`);
    expect(next.json().data).toEqual({ jobs: { nodes: [{ id: mine }] } });
  });

  it('is asked again for each pushed event: nothing more is told once it refuses', async () => {
    let admits = true;
    const app = await appWith({ job: () => admits });
    const { id } = await app.engine.submitJob({
      name: 'long',
      tasks: [
        { key: 'a', agent: 'wait', input: {} },
        { key: 'b', agent: 'greet', input: { name: 'x' }, dependsOn: ['a'] },
      ],
    });
    await app.gate.reached;
    const seen: string[] = [];
    const stream = socketClient(app.socketUrl).iterate<{ jobEvents: { type: string } }>({
      query: `subscription { jobEvents(jobId: "${id}") { type } }`,
    });
    for await (const { data } of stream) {
      seen.push(data!.jobEvents.type);
      if (data!.jobEvents.type !== 'TASK_STARTED') continue;
      admits = false;
      app.gate.open();
    }
    expect(seen).toEqual(['JOB_SUBMITTED', 'TASKS_ADDED', 'TASK_STARTED']);
    const states = socketClient(app.socketUrl).iterate({ query: `subscription { jobUpdated(jobId: "${id}") { id } }` });
    await expect(states.next()).resolves.toMatchObject({ value: { errors: [{ extensions: { code: 'NOT_FOUND' } }] } });
  });

  it('that throws refuses and shows nothing of why', async () => {
    const app = await appWith({
      job: () => {
        throw new Error('the key is hunter2');
      },
    });
    const id = await jobOf(app, 'ada');
    const answer = await app.as('ada', `{ job(id: "${id}") { name } }`);
    expect(answer.body).not.toContain('hunter2');
    expect(answer.json()).toMatchObject({ data: { job: null }, errors: [{ extensions: { code: 'INTERNAL' } }] });
  });
});

describe('the `task` hook', () => {
  const hooks: Partial<AuthorizeHooks> = { task: (caller, task) => (task.metadata?.['owner'] ?? caller.name) === caller.name };

  it('hides a task wherever it could show: lists, neighbours, its events, the whole graph', async () => {
    const app = await appWith(hooks);
    const id = await jobOf(app, 'ada');
    const answer = await app.as(
      'ada',
      `{ job(id: "${id}") { tasks { nodes { key } } objective { children { nodes { key } } } } task(id: "${id}:2") { key } events(jobId: "${id}") { taskKey } }`,
    );
    expect(answer.json().data).toMatchObject({
      job: { tasks: { nodes: [{ key: 'objective' }, { key: 'a' }] }, objective: { children: { nodes: [{ key: 'a' }] } } },
      task: null,
    });
    const events = answer.json().data!['events'] as { taskKey: string | null }[];
    expect(new Set(events.map(({ taskKey }) => taskKey))).toEqual(new Set([null, 'objective', 'a']));
    expect((await app.as('ada', `{ jobGraph(jobId: "${id}", format: DOT) }`)).json().errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN' } },
    ]);
    expect((await app.as('ada', `mutation { retryJob(id: "${id}", tasks: ["${id}:2"]) { id } }`)).json().errors).toMatchObject([
      { extensions: { code: 'NOT_FOUND' } },
    ]);
  });
});

describe('the `task` hook, in streams', () => {
  it('hides a task from `jobEvents` and `taskUpdated`, and is asked again for each push', async () => {
    const hidden = new Set(['b']);
    const app = await appWith({ task: (_caller, { key }) => !hidden.has(key) });
    const { id } = await app.engine.submitJob({
      name: 'long',
      tasks: [
        { key: 'a', agent: 'wait', input: {} },
        { key: 'b', agent: 'greet', input: { name: 'x' } },
        { key: 'c', agent: 'greet', input: { name: 'x' }, dependsOn: ['a'] },
      ],
    });
    await app.gate.reached;
    const socket = socketClient(app.socketUrl);
    const events = socket.iterate<{ jobEvents: { taskKey: string | null } }>({
      query: `subscription { jobEvents(jobId: "${id}") { taskKey } }`,
    });
    const states = socket.iterate<{ taskUpdated: { key: string; status: string } }>({
      query: `subscription { taskUpdated(jobId: "${id}") { key status } }`,
    });
    const first = await states.next();
    expect(first.value).toMatchObject({ data: { taskUpdated: { key: 'objective' } } });
    // What could be seen when the stream began cannot be seen any more when it changes.
    hidden.add('c');
    app.gate.open();
    const told = new Set<string | null>();
    for await (const { data } of events) told.add(data!.jobEvents.taskKey);
    expect(told).toEqual(new Set([null, 'objective', 'a']));
    const updated = [];
    for await (const { data } of states) updated.push(data!.taskUpdated);
    expect(updated.map(({ key }) => key)).toEqual(expect.arrayContaining(['objective', 'a']));
    expect(updated.filter(({ key }) => key === 'b')).toEqual([]);
    expect(updated.filter(({ key, status }) => key === 'c' && status !== 'PENDING')).toEqual([]);
  });
});

describe('a hidden task', () => {
  const hooks: Partial<AuthorizeHooks> = { task: (_caller, { key }) => key !== 'b' };

  it.each([
    'retryTask(id: "TASK") { id }',
    'skipTask(id: "TASK") { id }',
    'cancelTask(id: "TASK") { id }',
    'pauseTask(id: "TASK") { id }',
    'resumeTask(id: "TASK") { id }',
    'resumeTask(id: "TASK", as: COMPLETED, output: {}) { id }',
    'acceptTask(id: "TASK") { id }',
    'rejectTask(id: "TASK", reason: "no") { id }',
    'addDependency(taskId: "TASK", dependsOn: "JOB:1") { id }',
    'addDependency(taskId: "JOB:1", dependsOn: "TASK") { id }',
    'retryJob(id: "JOB", tasks: ["TASK"]) { id }',
  ])('is to %s what does not exist, and stays as it was', async (mutation) => {
    const app = await appWith(hooks);
    const id = await jobOf(app, 'ada');
    const send = async (task: string) => {
      const query = `mutation { ${mutation.replaceAll('JOB', id).replaceAll('TASK', task)} }`;
      return (await app.as('ada', query)).json().errors;
    };
    const before = await app.engine.reader.task(`${id}:2`);
    const refused = await send(`${id}:2`);
    expect(refused).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    expect(JSON.stringify(refused).replaceAll(`${id}:2`, `${id}:9`)).toBe(JSON.stringify(await send(`${id}:9`)));
    expect(await app.engine.reader.task(`${id}:2`)).toEqual(before);
  });
});

describe('the `field` hook', () => {
  it('closes a field of pushed events to one caller and not to another who selects the same', async () => {
    const app = await appWith({ field: (caller, { type, name }) => caller.name === 'root' || `${type}.${name}` !== 'JobEvent.data' });
    const { id } = await app.engine.submitJob({ name: 'secret-name', tasks: [greet('a', 'ada')] });
    await ended(app.engine, id);
    const query = `subscription { jobEvents(jobId: "${id}") { type data } }`;
    const hear = async (token: string): Promise<string> =>
      JSON.stringify(await resultsOf(watch(app.socketUrl, query, {}, { connectionParams: { token } })));
    expect(await hear('root')).toContain('secret-name');
    const closed = await hear('ada');
    expect(closed).not.toContain('secret-name');
    expect(closed).toContain('"field":"JobEvent.data"');
    const streamed = await post(app.url, query, { authorization: 'ada', accept: 'text/event-stream' });
    expect(streamed.body).not.toContain('secret-name');
    expect(streamed.body).toContain('"code":"FORBIDDEN"');
  });

  it('closes queries, mutations, subscriptions and fields of objects, and knows their arguments', async () => {
    const closed = new Set(['Mutation.cancelJob', 'Job.input', 'Subscription.jobUpdated']);
    const asked: string[] = [];
    const app = await appWith({
      field: (_caller, { type, name, args }) => {
        asked.push(`${type}.${name}(${JSON.stringify(args)})`);
        return !closed.has(`${type}.${name}`);
      },
    });
    const id = await jobOf(app, 'ada');
    expect((await app.as('ada', `{ job(id: "${id}") { name input } }`)).json()).toMatchObject({
      data: { job: { name: 'of-ada', input: null } },
      errors: [{ path: ['job', 'input'], extensions: { code: 'FORBIDDEN', details: { field: 'Job.input' } } }],
    });
    expect(asked).toContain(`Query.job({"id":"${id}"})`);
    expect((await app.as('ada', `mutation { cancelJob(id: "${id}") { id } }`)).json()).toMatchObject({
      errors: [{ extensions: { code: 'FORBIDDEN' } }],
    });
    const socket = socketClient(app.socketUrl);
    const closedStream = socket.iterate({ query: `subscription { jobUpdated(jobId: "${id}") { id } }` });
    await expect(closedStream.next()).resolves.toMatchObject({ value: { errors: [{ extensions: { code: 'FORBIDDEN' } }] } });
  });
});

describe('the `event` hook', () => {
  it('leaves events out of history and stream; the numbers of the others stay', async () => {
    const app = await appWith({ event: (_caller, { type }) => type !== 'TASK_STARTED' });
    const id = await jobOf(app, 'ada');
    const answer = await app.as('ada', `{ events(jobId: "${id}") { seq type } }`);
    const listed = answer.json().data!['events'] as { seq: number; type: string }[];
    expect(listed.some(({ type }) => type === 'TASK_STARTED')).toBe(false);
    expect(listed.at(-1)).toMatchObject({ type: 'JOB_COMPLETED' });
    const streamed: unknown[] = [];
    for await (const { data } of socketClient(app.socketUrl).iterate<{ jobEvents: unknown }>({
      query: `subscription { jobEvents(jobId: "${id}") { seq type } }`,
    }))
      streamed.push(data!.jobEvents);
    expect(streamed).toEqual(listed);
  });
});

describe('a caller whose connection stays open', () => {
  it('W2: is asked about again and closed with 4403 when the application does not admit it any more', async () => {
    let admits = true;
    const { socketUrl } = await startApp({ taskloom: { api: { authorize: () => admits, limits: { recheckMs: 20 } } } });
    const socket = await RawSocket.open(socketUrl);
    await socket.init();
    admits = false;
    expect(await socket.closed).toEqual({ code: 4403, reason: 'the caller is not admitted any more' });
  });

  it('is told nothing after its credentials have expired', async () => {
    let expiresAt = Number.MAX_SAFE_INTEGER;
    const caller = Object.defineProperty({}, 'expiresAt', { get: () => expiresAt, enumerable: true }) as ApiCaller;
    const { socketUrl, engine, gate } = await startApp({ taskloom: { api: { authorize: () => caller } } });
    const { id } = await engine.submitJob({ name: 'long', tasks: [{ key: 'a', agent: 'wait', input: {} }] });
    await gate.reached;
    const socket = await RawSocket.open(socketUrl);
    await socket.init();
    const started = socket.nextWhere(({ payload }) => JSON.stringify(payload ?? null).includes('TASK_STARTED'));
    socket.send({ id: '1', type: 'subscribe', payload: { query: `subscription { jobEvents(jobId: "${id}") { type } }` } });
    await started;
    expiresAt = 0;
    const before = socket.received.length;
    gate.open();
    await ended(engine, id);
    const refused = socket.answerTo('2');
    socket.send({ id: '2', type: 'subscribe', payload: { query: '{ workflows { name } }' } });
    expect(await refused).toMatchObject({ type: 'error', payload: [{ extensions: { code: 'FORBIDDEN' } }] });
    expect(socket.received.slice(before).filter(({ id: of }) => of === '1')).toEqual([]);
  });
});
