import { afterEach, describe, expect, it } from '@jest/globals';

import { tenantId, type ApiRequest } from '../src/index.js';
import { dataOf } from './support/ask.js';
import { runJob, runWelcome } from './support/jobs.js';
import { post } from './support/raw-http.js';
import { startApp, stopApps } from './support/start-app.js';
import { closeSockets, watch } from './support/watch.js';

afterEach(async () => {
  await closeSockets();
  await stopApps();
});

const WAITING = [
  { key: 'first', agent: 'wait', input: {} },
  { key: 'second', agent: 'wait', input: {}, dependsOn: ['first'] },
];
const OVERVIEW = `overview {
  jobs { total awaitingConfirmation running paused completed failed cancelled }
  tasks { total inProgress blocked pending completed }
  limits { name kind taken capacity waiting }
  slowestTasks(first: 5) { key jobId status }
}`;

describe('the overview', () => {
  it('counts jobs and tasks, shows how full limits are, and what takes longest', async () => {
    const { engine, url, gate } = await startApp({ taskloom: { maxParallel: 4, pools: { licences: 3 } } });
    await runWelcome(engine);
    await engine.submitJob({ name: 'later', tasks: [], options: { confirm: true } });
    const { id } = await engine.submitJob({ name: 'open', tasks: WAITING });
    await gate.reached;
    const { overview } = await dataOf<{ overview: { limits: { name: string }[] } }>(url, `{ ${OVERVIEW} }`);
    expect(overview).toMatchObject({
      jobs: { total: 3, awaitingConfirmation: 1, running: 1, paused: 0, completed: 1, failed: 0, cancelled: 0 },
      tasks: { inProgress: 1, completed: 0 },
      slowestTasks: [{ key: 'first', jobId: id, status: 'IN_PROGRESS' }],
    });
    expect(overview.limits).toContainEqual({ name: 'process', kind: 'PROCESS', taken: 1, capacity: 4, waiting: 0 });
    expect(overview.limits).toContainEqual({ name: 'pool:licences', kind: 'POOL', taken: 0, capacity: 3, waiting: 0 });
    expect(overview.limits.findIndex(({ name }) => name === 'process')).toBeLessThan(
      overview.limits.findIndex(({ name }) => name === 'pool:licences'),
    );
    gate.open();
  });

  it('is pushed when it is another one', async () => {
    const { engine, socketUrl, gate } = await startApp();
    const stream = watch<{ overview: { jobs: { running: number; completed: number }; slowestTasks: { key: string }[] } }>(
      socketUrl,
      'subscription { overview { jobs { running completed } slowestTasks { key } } }',
    );
    const next = async () => (await stream.next()).value.data!.overview;
    expect(await next()).toEqual({ jobs: { running: 0, completed: 0 }, slowestTasks: [] });
    const { id } = await engine.submitJob({ name: 'open', tasks: WAITING });
    let seen = await next();
    while (seen.slowestTasks.length === 0) seen = await next();
    expect(seen).toEqual({ jobs: { running: 1, completed: 0 }, slowestTasks: [{ key: 'first' }] });
    gate.open();
    await engine.job(id).result();
    while (seen.jobs.completed === 0) seen = await next();
    expect(seen).toEqual({ jobs: { running: 0, completed: 1 }, slowestTasks: [] });
  });

  it('of a tenant has its own jobs only, says nothing of the process, and is not pushed for what others do', async () => {
    const authorize = ({ headers, connectionParams }: ApiRequest) => ({
      tenant: tenantId(String(connectionParams?.['tenant'] ?? headers['x-tenant'])),
    });
    const { engine, url, socketUrl, gate } = await startApp({ taskloom: { api: { tenancy: true, authorize } } });
    const query = '{ overview { jobs { total } tasks { total } limits { name } slowestTasks { key } } }';
    const nothing = { jobs: { total: 0 }, tasks: { total: 0 }, limits: null, slowestTasks: [] };
    const stream = watch<{ overview: { jobs: { total: number } } }>(
      socketUrl,
      `subscription ${query}`,
      {},
      { connectionParams: { tenant: 'b' } },
    );
    expect((await stream.next()).value.data).toEqual({ overview: nothing });

    await engine.submitJob({ name: 'of-a', tasks: WAITING, options: { tenant: 'a' } });
    await gate.reached;
    expect((await post(url, query, { 'x-tenant': 'b' })).json().data).toEqual({ overview: nothing });
    expect((await post(url, query, { 'x-tenant': 'a' })).json().data).toEqual({
      overview: { jobs: { total: 1 }, tasks: { total: 3 }, limits: null, slowestTasks: [{ key: 'first' }] },
    });
    await engine.submitJob({ name: 'of-b', tasks: [], options: { tenant: 'b' } });
    // The next thing it hears is its own.
    expect((await stream.next()).value.data!.overview.jobs.total).toBe(1);
    gate.open();
  });

  it('is refused to callers that may not count', async () => {
    const { url, engine } = await startApp({ taskloom: { api: { authorize: { caller: () => true, job: () => true } } } });
    await runJob(engine, []);
    expect((await post(url, '{ overview { jobs { total } } }')).json().errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});
