import { afterEach, describe, expect, it } from '@jest/globals';
import { VirtualClock } from '@taskloom/core/testing';

import { tenantId, type ApiRequest, type TaskloomModuleOptions } from '../src/index.js';
import { ended, runJob, runWelcome } from './support/jobs.js';
import { post } from './support/raw-http.js';
import { startApp, stopApps, type TestApp } from './support/start-app.js';
import { closeSockets, watch } from './support/watch.js';

const opening: (() => void)[] = [];
afterEach(async () => {
  // A clock that stands still knows no grace time.
  for (const open of opening.splice(0)) open();
  await closeSockets();
  await stopApps();
});

const MINUTE = 60_000;
const LONG = [{ key: 'long', agent: 'wait', input: {} }];
const ALERT = 'id kind level active subject jobId taskId message value threshold raisedAt clearedAt acknowledgedAt acknowledgedBy';

interface Alert {
  readonly id: string;
  readonly kind: string;
  readonly level: string;
  readonly active: boolean;
  readonly jobId: string;
  readonly acknowledgedBy: string | null;
}
interface WatchedApp extends TestApp {
  readonly clock: VirtualClock;
  readonly as: (name: string, query: string) => Promise<{ readonly data: Record<string, unknown>; readonly code: string | undefined }>;
}

/** Attempts of more than a minute are too long. The caller's name is its tenant where there are some. */
async function start(api: TaskloomModuleOptions['api'] = {}): Promise<WatchedApp> {
  const clock = new VirtualClock();
  const app = await startApp({ taskloom: { clock, timeout: 0, monitor: { taskDuration: '1m', interval: '1m' }, api } });
  opening.push(() => app.gate.open());
  return {
    ...app,
    clock,
    as: async (name, query) => {
      const { data, errors } = (await post(app.url, query, { 'x-name': name })).json();
      return { data: data ?? {}, code: errors?.[0]?.extensions.code };
    },
  };
}

const named = ({ headers, connectionParams }: ApiRequest) => ({ name: String(connectionParams?.['name'] ?? headers['x-name']) });
const ofTenant = (request: ApiRequest) => ({ ...named(request), tenant: tenantId(named(request).name) });

async function alertsOf(app: WatchedApp, name: string, args = ''): Promise<readonly Alert[]> {
  return (await app.as(name, `{ alerts${args} { ${ALERT} } }`)).data['alerts'] as readonly Alert[];
}

/** Lets a task run for too long. */
async function raise(app: WatchedApp, tenant?: string): Promise<string> {
  const { id } = await app.engine.submitJob({ name: 'slow', tasks: LONG, ...(tenant === undefined ? {} : { options: { tenant } }) });
  for await (const { type } of app.engine.events(id)) if (type === 'TASK_STARTED') break;
  await app.clock.advance(MINUTE);
  return id;
}

describe('alerts', () => {
  it('are there while something is out of bounds, are acknowledged in the name of the caller, and kept when it is over', async () => {
    const app = await start({ authorize: named });
    expect(await alertsOf(app, 'ada')).toEqual([]);
    const jobId = await raise(app);
    const [alert, ...others] = await alertsOf(app, 'ada');
    expect(others).toEqual([]);
    expect(alert).toEqual({
      id: expect.any(String),
      kind: 'TASK_DURATION',
      level: 'WARNING',
      active: true,
      subject: `${jobId}:1`,
      jobId,
      taskId: `${jobId}:1`,
      message: expect.stringContaining('long'),
      value: MINUTE,
      threshold: MINUTE,
      raisedAt: '2026-01-01T00:01:00.000Z',
      clearedAt: null,
      acknowledgedAt: null,
      acknowledgedBy: null,
    });
    const acknowledge = (name: string) =>
      app.as(name, `mutation { acknowledgeAlert(id: "${alert!.id}") { id acknowledgedBy acknowledgedAt } }`);
    const acknowledged = { acknowledgeAlert: { id: alert!.id, acknowledgedBy: 'user:ada', acknowledgedAt: expect.any(String) } };
    expect((await acknowledge('ada')).data).toEqual(acknowledged);
    // Who was first stays.
    expect((await acknowledge('bob')).data).toEqual(acknowledged);

    app.gate.open();
    await ended(app.engine, jobId);
    while ((await alertsOf(app, 'ada')).length > 0) await app.clock.advance(1_000);
    expect(await alertsOf(app, 'ada', '(active: false)')).toMatchObject([{ id: alert!.id, active: false, acknowledgedBy: 'user:ada' }]);
    expect(await alertsOf(app, 'ada', '(active: null, first: 1)')).toHaveLength(1);
  });

  it.each([
    ['that there is not', 'none', 'NOT_FOUND'],
    ['that there cannot be', '__proto__', 'ID_INVALID'],
  ])('one %s is not acknowledged', async (_what, id, code) => {
    const app = await start();
    expect((await app.as('', `mutation { acknowledgeAlert(id: "${id}") { id } }`)).code).toBe(code);
    expect((await app.as('', '{ alerts(first: 101) { id } }')).code).toBe('PAGE_SIZE');
  });

  it('are pushed: those that last, then each change', async () => {
    const app = await start({ authorize: named });
    const jobId = await raise(app);
    const stream = watch<{ alertRaised: Alert }>(
      app.socketUrl,
      `subscription { alertRaised { ${ALERT} } }`,
      {},
      { connectionParams: { name: 'ada' } },
    );
    const next = async (): Promise<Alert> => (await stream.next()).value.data!.alertRaised;
    const alert = await next();
    expect(alert).toMatchObject({ jobId, level: 'WARNING', active: true });
    await app.clock.advance(MINUTE);
    expect(await next()).toMatchObject({ id: alert.id, level: 'CRITICAL' });
    await app.as('ada', `mutation { acknowledgeAlert(id: "${alert.id}") { id } }`);
    expect(await next()).toMatchObject({ id: alert.id, acknowledgedBy: 'user:ada', active: true });
    app.gate.open();
    await ended(app.engine, jobId);
    const over = next();
    await app.clock.advance(2 * MINUTE);
    expect(await over).toMatchObject({ id: alert.id, active: false });
  });

  it('stand in the overview, which is pushed for them', async () => {
    const app = await start({ authorize: named });
    const query = '{ overview { tasks { inProgress } alerts { kind level } } }';
    const stream = watch<{ overview: { tasks: { inProgress: number }; alerts: object[] } }>(app.socketUrl, `subscription ${query}`);
    const next = async () => (await stream.next()).value.data!.overview;
    expect((await next()).alerts).toEqual([]);
    await raise(app);
    let seen = await next();
    while (seen.alerts.length === 0) seen = await next();
    expect(seen.alerts).toEqual([{ kind: 'TASK_DURATION', level: 'WARNING' }]);
    expect((await app.as('ada', query)).data).toMatchObject({ overview: { alerts: [{ kind: 'TASK_DURATION' }] } });
  });
});

describe('a subscription that is refused, or whose client has left', () => {
  it('listens no more', async () => {
    const app = await start({ authorize: { caller: named, job: () => true } });
    const signals: AbortSignal[] = [];
    const listen = app.engine.alertChanges.bind(app.engine);
    app.engine.alertChanges = (options) => {
      signals.push(options!.signal!);
      return listen(options);
    };
    const asAda = { connectionParams: { name: 'ada' } };
    const refused = await watch(app.socketUrl, 'subscription { overview { jobs { total } } }', {}, asAda)
      .next()
      .catch((errors: unknown) => errors);
    expect(refused).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    const stream = watch(app.socketUrl, 'subscription { alertRaised { id } }', {}, asAda);
    void stream.next();
    while (signals.length < 2) await new Promise((resolve) => setImmediate(resolve));
    await stream.return(undefined);
    while (!signals[1]!.aborted) await new Promise((resolve) => setImmediate(resolve));
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
  });
});

describe('alerts of others', () => {
  it('are not there for a tenant: not in lists, not by id, not pushed', async () => {
    const app = await start({ authorize: ofTenant, tenancy: true });
    const stream = watch<{ alertRaised: Alert }>(
      app.socketUrl,
      `subscription { alertRaised { ${ALERT} } }`,
      {},
      { connectionParams: { name: 'b' } },
    );
    const heard = stream.next();
    // It listens when the socket has answered something else.
    await watch(app.socketUrl, '{ workflows { name } }', {}, { connectionParams: { name: 'b' } }).next();
    const ofA = await raise(app, 'a');
    const [alert] = await alertsOf(app, 'a');
    expect(alert).toMatchObject({ jobId: ofA });
    for (const args of ['', '(active: false)', '(active: null)']) expect(await alertsOf(app, 'b', args)).toEqual([]);
    const acknowledge = (id: string) => post(app.url, `mutation { acknowledgeAlert(id: "${id}") { id } }`, { 'x-name': 'b' });
    expect((await acknowledge(alert!.id)).body.replaceAll(alert!.id, 'none')).toBe((await acknowledge('none')).body);
    const overview = await post(app.url, '{ overview { alerts { id } } }', { 'x-name': 'b' });
    expect(overview.json().data).toEqual({ overview: { alerts: [] } });

    const ofB = await raise(app, 'b');
    // The first thing that B hears is its own.
    expect((await heard).value.data!.alertRaised).toMatchObject({ jobId: ofB });
    expect(await alertsOf(app, 'b')).toMatchObject([{ jobId: ofB }]);
  });

  it('are hidden with their jobs, and acknowledged by those only who may control them', async () => {
    const app = await start({
      authorize: {
        caller: named,
        job: ({ name }, job, action) => job.metadata?.['owner'] === name || (name === 'auditor' && action === 'read'),
      },
    });
    const { id } = await app.engine.submitJob({ name: 'slow', tasks: LONG, options: { metadata: { owner: 'ada' } } });
    await app.gate.reached;
    await app.clock.advance(MINUTE);
    const [alert] = await alertsOf(app, 'ada');
    expect(alert).toMatchObject({ jobId: id });
    expect(await alertsOf(app, 'bob')).toEqual([]);
    expect(await alertsOf(app, 'auditor')).toMatchObject([{ jobId: id }]);
    const acknowledge = (name: string) => app.as(name, `mutation { acknowledgeAlert(id: "${alert!.id}") { acknowledgedBy } }`);
    expect((await acknowledge('bob')).code).toBe('NOT_FOUND');
    expect((await acknowledge('auditor')).code).toBe('NOT_FOUND');
    expect((await acknowledge('ada')).data).toEqual({ acknowledgeAlert: { acknowledgedBy: 'user:ada' } });
  });
});

describe('metrics', () => {
  const DISTRIBUTION = '{ count sum min mean max p50 p95 p99 }';
  const TASKS = `{ name started completed failed retried timedOut skipped cancelled successRate duration ${DISTRIBUTION} wait ${DISTRIBUTION} }`;

  it('tell what the engine has done, as a whole, by agent and by kind, and what it has before it', async () => {
    const app = await start();
    await runWelcome(app.engine);
    await runJob(app.engine, [{ key: 'bad', agent: 'flaky', input: {}, kind: 'shaky' }]);
    await app.engine.submitJob({ name: 'open', tasks: [...LONG, { key: 'next', agent: 'wait', input: {}, dependsOn: ['long'] }] });
    await app.gate.reached;
    const { data } = await app.as(
      '',
      `{ metrics { since at jobs { submitted completed failed cancelled } tasks ${TASKS} agents ${TASKS} kinds ${TASKS}
        openJobs { total running } openTasks { inProgress blocked } dependencyDepth queueDepth limits { name taken } } }`,
    );
    expect(data['metrics']).toMatchObject({
      since: '2026-01-01T00:00:00.000Z',
      jobs: { submitted: 3, completed: 1, failed: 1, cancelled: 0 },
      tasks: { name: null, started: 4, completed: 2, failed: 1, successRate: 2 / 3, duration: { count: 3 } },
      agents: expect.arrayContaining([
        expect.objectContaining({ name: 'greet', started: 1, completed: 1, successRate: 1 }),
        expect.objectContaining({ name: 'flaky', failed: 1, successRate: 0 }),
        expect.objectContaining({ name: 'wait', started: 1, completed: 0, successRate: null, duration: { ...NOTHING } }),
      ]),
      kinds: [expect.objectContaining({ name: 'shaky', failed: 1 })],
      openJobs: { total: 1, running: 1 },
      openTasks: { inProgress: 1 },
      dependencyDepth: 2,
      queueDepth: 0,
      limits: expect.arrayContaining([{ name: 'process', taken: 1 }]),
    });
    app.gate.open();
  });

  const NOTHING = { count: 0, sum: 0, min: null, mean: null, max: null, p50: null, p95: null, p99: null };

  it.each<[string, TaskloomModuleOptions['api']]>([
    ['a tenant', { authorize: ofTenant, tenancy: true }],
    ['a caller that may not see every job', { authorize: { caller: named, job: () => true } }],
    ['a caller that may not see every task', { authorize: { caller: named, task: () => true } }],
  ])('are refused to %s', async (_who, api) => {
    const app = await start(api);
    expect((await app.as('b', '{ metrics { jobs { submitted } } }')).code).toBe('FORBIDDEN');
  });
});
