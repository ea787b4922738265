import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { z } from 'zod';

import {
  createEngine,
  defineWorkflow,
  isTaskloomError,
  isTerminalJob,
  routeByRules,
  task,
  TaskloomError,
  type AgentDefinition,
  type AlertView,
  type Engine,
  type EngineOptions,
  type JobChange,
  type TaskContext,
  type WorkflowDefinition,
} from '../../src/index.js';
import type { JobEvent } from '../../src/model/event.js';
import type { Store } from '../../src/ports/store.js';
import { PostgresStore, type ParsedPostgresOptions } from '../../src/store/postgres-store.js';
import { agent, counted, echo } from '../helpers/agents.js';
import { Child } from '../helpers/child.js';
import { aborted, Gate } from '../helpers/gate.js';
import { eventOf, eventsOf, refusal, statusesOf, taskOf, until } from '../helpers/inspect.js';
import { PostgresServer, whyNoPostgres } from '../helpers/postgres-server.js';
import { administer, auditSchema, newSchema } from '../helpers/postgres-stores.js';
import { seeded } from '../helpers/random.js';
import { TcpProxy } from '../helpers/tcp-proxy.js';
import { VirtualClock } from '../helpers/virtual-clock.js';

const SEED = Number(process.env['TASKLOOM_SEED'] ?? 4_711);
const missing = whyNoPostgres();
jest.setTimeout(120_000);

/** Polls of engines go by the clock; where it stands still, only what is heard counts. */
interface BesideOptions extends Omit<EngineOptions, 'store'> {
  readonly url?: string;
  /** The store of a schema, where it is not the plain one. */
  readonly storeOf?: (schema: string) => Store;
}

/** Counts how often others were faster, and how often a job was held because of that. */
class CountingStore extends PostgresStore {
  static conflicts = 0;
  static held = 0;

  override async commit(writes: Parameters<Store['commit']>[0]): Promise<void> {
    try {
      await super.commit(writes);
    } catch (error) {
      if (isTaskloomError(error) && error.code === 'STORE_CONFLICT') CountingStore.conflicts += 1;
      throw error;
    }
  }

  override async commitHeld(...args: Parameters<PostgresStore['commitHeld']>): Promise<void> {
    CountingStore.held += 1;
    await super.commitHeld(...args);
  }
}

const optionsOf = (url: string, schema: string): ParsedPostgresOptions => ({
  type: 'postgres',
  url,
  schema,
  connections: 6,
  leaseMs: 30_000,
  statementTimeoutMs: 20_000,
});
const countingStore = (url: string, schema: string): Store => new CountingStore(optionsOf(url, schema));

type Definitions = readonly (AgentDefinition | WorkflowDefinition)[];

describe('an engine that runs no tasks on SQLite', () => {
  it.each<readonly [what: string, options: EngineOptions]>([
    ['its jobs are there', { store: { path: ':memory:' } }],
    ['its alerts are there', { store: { type: 'postgres', url: 'postgres://127.0.0.1:1/none' }, monitor: { store: { path: ':memory:' } } }],
  ])('is refused, with what to do: %s', async (_, options) => {
    const error = await refusal(createEngine({ ...options, runTasks: false }).start());

    expect(error.code).toBe('SQLITE_SINGLE_PROCESS');
    expect(error.remedy).toContain("type: 'postgres'");
  });
});

(missing === null ? describe : describe.skip)('an engine beside the one that runs the tasks', () => {
  let server: PostgresServer;
  let proxy: TcpProxy;
  const engines = new Map<Engine, EngineOptions['clock']>();
  const children: Child[] = [];
  const schemas = new Set<string>();

  beforeAll(async () => {
    server = await PostgresServer.start();
    proxy = await TcpProxy.start(server.port);
  });
  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(children.splice(0).map(({ exited }) => exited));
    await Promise.all(Array.from(engines, ([engine, clock]) => inTime(clock, engine.stop({ graceMs: 0 }))));
    engines.clear();
    for (const schema of schemas) await auditSchema(server, schema);
    schemas.clear();
  });
  afterAll(async () => {
    await proxy.stop();
    await server.destroy();
  });

  /** What is due now on a clock that stands still happens until the promise has settled. */
  const inTime = async <T>(clock: EngineOptions['clock'], promise: Promise<T>): Promise<T> => {
    if (clock instanceof VirtualClock) await clock.advanceUntil(promise);
    return promise;
  };
  const schemaToAudit = (): string => {
    const schema = newSchema();
    schemas.add(schema);
    return schema;
  };
  const create = (schema: string, definitions: Definitions, { url = server.url, storeOf, ...options }: BesideOptions): Engine => {
    const engine = createEngine({ ...options, store: storeOf ? storeOf(schema) : { type: 'postgres', url, schema } });
    engine.register(...definitions);
    engines.set(engine, options.clock);
    return engine;
  };
  const start = async (schema: string, definitions: Definitions, options: BesideOptions): Promise<Engine> => {
    const engine = create(schema, definitions, options);
    await engine.start();
    return engine;
  };
  const startWorker = (schema: string, definitions: Definitions, options: BesideOptions = {}): Promise<Engine> =>
    start(schema, definitions, options);
  const startApi = (schema: string, definitions: Definitions, options: BesideOptions = {}): Promise<Engine> =>
    start(schema, definitions, { ...options, runTasks: false });

  it('submits what runs there, and is told of it: results, events and changes', async () => {
    const schema = schemaToAudit();
    const gate = new Gate();
    const here = agent('work', () => {
      throw new Error('this engine runs no tasks');
    });
    const there = agent('work', async (n: number) => (await gate.pass(), n * 2));
    // Clocks stand still: nothing is found by looking for it.
    await startWorker(schema, [there], { clock: new VirtualClock() });
    const api = await startApi(schema, [here], { clock: new VirtualClock() });
    const changes: JobChange[] = [];
    const handle = await api.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'work', input: 21 }] });
    const ending = new AbortController();
    const watching = (async () => {
      for await (const found of api.changes({ jobId: handle.id, signal: ending.signal })) changes.push(...found);
    })();
    const types: string[] = [];
    const following = (async () => {
      for await (const { type } of handle.events()) types.push(type);
    })();
    await gate.reached();
    const result = handle.result();
    gate.open();
    await result;
    await following;
    await until(() => changes.some(({ lastSeq }) => lastSeq === types.length));
    ending.abort();
    await watching;

    expect((await api.reader.taskOutputs([{ jobId: handle.id, no: 1 }], 100))[0]?.value).toBe(42);
    expect(types.at(0)).toBe('JOB_SUBMITTED');
    expect(types.at(-1)).toBe('JOB_COMPLETED');
    expect(new Set(changes.flatMap(({ tasks }) => tasks))).toEqual(new Set([0, 1]));
  });

  it('signs what it writes as itself, and the other one what that writes', async () => {
    const schema = schemaToAudit();
    const gate = new Gate();
    const definitions = [agent('work', () => gate.pass())];
    const worker = await startWorker(schema, definitions, { name: 'worker 🙂' });
    const [web, other] = [await startApi(schema, definitions, { name: 'web' }), await startApi(schema, definitions, { name: 'web' })];
    const handle = await web.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'work' }] });
    await gate.reached();
    await other.pauseJob(handle.id, { reason: 'a look' });
    await web.resumeJob(handle.id);
    gate.open();
    await handle.result();
    const [wrote, webs, others] = [worker, web, other].map(({ id, name }) => ({ id, name }));

    expect([wrote!.name, webs!.name, others!.name]).toEqual(['worker 🙂', 'web', 'web']);
    // Read anew, and followed by each from the beginning.
    for (const engine of [worker, web, other]) {
      const found = new Map<string, unknown>();
      for await (const event of engine.events(handle.id)) found.set(event.type, event.engine);
      expect(Object.fromEntries(found)).toEqual({
        JOB_SUBMITTED: webs,
        TASKS_ADDED: webs,
        TASK_STARTED: wrote,
        HOLD_PLACED: others,
        HOLD_LIFTED: webs,
        TASK_COMPLETED: wrote,
        JOB_COMPLETED: wrote,
      });
    }
  });

  it('starts before any other and takes jobs, which begin when one that runs tasks comes', async () => {
    const schema = schemaToAudit();
    const api = await startApi(schema, [echo]);
    const [first, second] = await Promise.all(['one', 'two'].map((name) => api.submitJob({ name, tasks: [{ key: 'a', agent: 'echo' }] })));
    await api.pauseJob(second!.id);
    expect(await statusesOf(api, first!.id)).toEqual({ a: 'READY' });

    const worker = await startWorker(schema, [echo]);
    await first!.result();
    expect(worker.recoveryReport()?.jobs.map(({ id }) => id)).toEqual([first!.id, second!.id]);
    expect((await second!.status()).status).toBe('PAUSED');
    await api.resumeJob(second!.id);
    await second!.result();
    // A second one that runs tasks is refused as ever, and any number that do not are not.
    expect((await refusal(create(schema, [echo], {}).start())).code).toBe('STORE_IN_USE');
    await startApi(schema, [echo]);
  });

  it('goes on when the other one is killed, and so does the work when another takes over', async () => {
    const schema = schemaToAudit();
    const store = { type: 'postgres', url: server.url, schema } as const;
    const workers = [new Child('run-tasks'), new Child('run-tasks')] as const;
    children.push(...workers);
    const api = await startApi(schema, [echo, agent('stuck')]);
    await workers[0].begin({ store }).says('started');
    const stuck = await api.submitJob({ name: 'stuck', tasks: [{ key: 'a', agent: 'stuck' }] });
    await eventOf(api, stuck.id, 'TASK_STARTED', 'a');
    workers[0].kill('SIGKILL');
    await workers[0].exited;

    const later = await api.submitJob({ name: 'later', tasks: [{ key: 'a', agent: 'echo', input: 1 }] });
    const result = later.result();
    await workers[1].begin({ store }).says('started');
    await result;
    await eventOf(api, stuck.id, 'TASK_ABANDONED', 'a');
    await eventOf(api, stuck.id, 'TASK_STARTED', 'a', ({ seq, data }) => seq > 3 && data['reason'] !== 'FIRST');
    await api.cancelJob(stuck.id);
    expect(await statusesOf(api, stuck.id)).toEqual({ a: 'CANCELLED JOB_CANCELLED' });
  });

  it('cancels what runs there: the attempt is told, and its place is free', async () => {
    const schema = schemaToAudit();
    const begun = new Gate();
    const told = new Gate<unknown>();
    const works = agent('work', async (_: unknown, ctx: TaskContext) => {
      void begun.pass();
      told.open(await aborted(ctx.signal));
    });
    const worker = await startWorker(schema, [works, echo], { maxParallel: 1, clock: new VirtualClock() });
    const api = await startApi(schema, [agent('work'), echo]);
    const handle = await api.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'work' }] });
    await begun.reached();
    begun.open();
    await handle.cancel({ reason: 'no longer wanted' });

    expect(await told.pass()).toMatchObject({ code: expect.stringMatching(/CANCEL/) });
    await (await api.submitJob({ name: 'next', tasks: [{ key: 'a', agent: 'echo' }] })).result();
    // Who asks over the API may hear of the end before the worker, which has written it, has counted it.
    await until(() => worker.metrics().jobs.completed === 1);
    expect(worker.metrics().jobs).toEqual({ submitted: 2, completed: 1, failed: 0, cancelled: 1 });
  });

  it('adds tasks, holds, skips, accepts and retries there', async () => {
    const schema = schemaToAudit();
    const gate = new Gate();
    const flaky = counted('flaky', () => {
      if (flaky.starts.length === 1) throw new Error('not yet');
      return 'at last';
    });
    const waits = agent('waits', () => gate.pass());
    await startWorker(schema, [flaky.agent, waits, echo], { clock: new VirtualClock() });
    const api = await startApi(schema, [agent('flaky'), agent('waits'), echo]);
    const handle = await api.submitJob({
      name: 'job',
      tasks: [
        { key: 'w', agent: 'waits' },
        { key: 's', agent: 'echo', dependsOn: ['w'] },
        { key: 'r', agent: 'echo', review: { by: 'manual' } },
        { key: 'f', agent: 'flaky', failureStrategy: 'continue' },
      ],
    });
    const idOf = async (key: string): Promise<string> => (await taskOf(api, handle.id, key)).id;
    await eventOf(api, handle.id, 'TASK_FAILED', 'f');
    await api.pauseTask(await idOf('s'));
    await api.addTasks(handle.id, [{ key: 'more', agent: 'echo', input: 'x'.repeat(20_000), dependsOn: ['w'] }]);
    await eventOf(api, handle.id, 'TASK_RETURNED', 'r');
    await api.acceptTask(await idOf('r'));
    await api.addTasks(handle.id, [{ key: 'gone', agent: 'echo', dependsOn: ['w'] }]);
    await api.skipTask(await idOf('gone'));
    gate.open();
    await eventOf(api, handle.id, 'TASK_COMPLETED', 'more');
    await api.resumeTask(await idOf('s'));
    await handle.result();

    expect(await statusesOf(api, handle.id)).toMatchObject({ w: 'COMPLETED', s: 'COMPLETED', r: 'ACCEPTED', gone: 'SKIPPED BY_PERSON' });
    const more = await taskOf(api, handle.id, 'more');
    const [output] = await api.reader.taskOutputs([{ jobId: handle.id, no: more.no }], 100_000);
    expect(output?.value).toBe('x'.repeat(20_000));
    await api.retryJob(handle.id);
    await handle.result();
    expect(await statusesOf(api, handle.id)).toMatchObject({ f: 'COMPLETED' });
    expect(flaky.starts).toHaveLength(2);
  });

  it('finds agents by rules among those that a job allows which only the other one has in memory', async () => {
    const schema = schemaToAudit();
    const definitions = [agent('one', () => 1, { capabilities: ['count'] }), agent('two', () => 2, { capabilities: ['count'] })];
    const options = { plugins: [routeByRules()] };
    const worker = await startWorker(schema, definitions, options);
    const api = await startApi(schema, definitions, options);
    const { id } = await worker.submitJob({
      name: 'job',
      options: { allowedAgents: ['two'], confirm: true },
      tasks: [{ key: 'a', agent: 'two' }],
    });

    const [added] = await api.addTasks(id, [{ key: 'b', agent: 'count' }]);

    expect((await api.why(added!.id)).agent).toMatchObject({ name: 'two', by: 'CAPABILITY', wanted: 'count' });
  });

  it('holds a job that others write all the time, so that what a person asks for is not put off for ever', async () => {
    const schema = schemaToAudit();
    const counter = agent('count', async (_: unknown, ctx: TaskContext) => {
      for (let percent = 0; !ctx.signal.aborted; percent = (percent + 1) % 100)
        await ctx.step(`step ${percent} ${Math.random()}`, () => null);
    });
    await startWorker(schema, [counter]);
    const storeOf = (name: string): Store => countingStore(server.url, name);
    const api = await startApi(schema, [agent('count')], { storeOf });
    const handle = await api.submitJob({
      name: 'busy',
      tasks: Array.from({ length: 4 }, (_, no) => ({ key: `t${no}`, agent: 'count' })),
    });
    await eventOf(api, handle.id, 'TASK_STEP_RECORDED');
    await api.pauseJob(handle.id);
    await api.resumeJob(handle.id);
    const job = await api.cancelJob(handle.id);

    expect(job.status).toBe('CANCELLED');
    expect(CountingStore.held).toBeGreaterThan(0);
  });

  it('answers people: of two answers at the same time one counts', async () => {
    const schema = schemaToAudit();
    const asks = agent('asks', async (_: unknown, ctx: TaskContext) => {
      const { answer } = (await ctx.ask('which', { question: 'Which?', schema: z.string() })) as { answer: string };
      return answer;
    });
    await startWorker(schema, [asks]);
    const apis = await Promise.all([startApi(schema, [agent('asks')]), startApi(schema, [agent('asks')])]);
    const handles = await Promise.all(
      Array.from({ length: 6 }, (_, no) => apis[no % 2]!.submitJob({ name: `job-${no}`, tasks: [{ key: 'a', agent: 'asks' }] })),
    );
    for (const handle of handles) {
      const { data } = await eventOf(apis[0], handle.id, 'HUMAN_REQUESTED');
      const answers = await Promise.allSettled(
        apis.map((api, no) => api.answerHumanRequest(data['request'] as string, `from ${no}`, { actor: `person-${no}` })),
      );
      const won = answers.findIndex(({ status }) => status === 'fulfilled');
      expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(answers[1 - won]).toMatchObject({ reason: { code: 'REQUEST_CLOSED' } });
      await apis[1].job(handle.id).result();
      expect((await apis[0].reader.taskOutputs([{ jobId: handle.id, no: 1 }], 100))[0]?.value).toBe(`from ${won}`);
    }
  });

  it('makes one job of an idempotency key, however many ask at the same time', async () => {
    const schema = schemaToAudit();
    const worker = await startWorker(schema, [echo]);
    const apis = await Promise.all([startApi(schema, [echo]), startApi(schema, [echo])]);
    const submission = { name: 'job', tasks: [{ key: 'a', agent: 'echo' }], options: { idempotencyKey: 'order-7' } };
    const handles = await Promise.all(Array.from({ length: 12 }, (_, no) => [...apis, worker][no % 3]!.submitJob(submission)));

    expect(new Set(handles.map(({ id }) => id)).size).toBe(1);
    await handles[0]!.result();
    expect(await worker.reader.countJobs({})).toBe(1);
  });

  it('makes schedules that tick there, and reads and acknowledges alerts that are raised there', async () => {
    const schema = schemaToAudit();
    const clock = new VirtualClock();
    const tick = defineWorkflow({ name: 'tick', input: z.object({}), plan: (flow) => flow.add(task(echo, 'ticked')).out });
    const slow = agent('slow', (_: unknown, ctx: TaskContext) => aborted(ctx.signal).then(() => null), { timeout: 0 });
    const monitor = { taskDuration: '1h', dependencyWait: 0 } as const;
    const worker = await startWorker(schema, [echo, slow, tick], { clock, monitor });
    const api = await startApi(schema, [echo, agent('slow'), tick], { clock, monitor });
    const alerts = api.alertChanges()[Symbol.asyncIterator]();
    await api.createSchedule({ id: 'often', workflow: 'tick', every: '1m', input: {} });
    const job = await api.submitJob({ name: 'slow', tasks: [{ key: 'a', agent: 'slow' }] });
    await eventOf(api, job.id, 'TASK_STARTED', 'a');
    await until(async () => {
      await clock.advance(60_000);
      return (await api.reader.countJobs({ workflow: 'tick' })) > 0;
    });

    clock.jump(3_600_000);
    // A tick whose task ran while the time jumped has an alert of its own.
    const ofJob = (alert: AlertView): boolean => alert.jobId === job.id;
    const next = async (): Promise<AlertView> => {
      for (;;) {
        const alert = (await inTime(clock, alerts.next())).value as AlertView;
        if (ofJob(alert)) return alert;
      }
    };
    const raised = await next();
    expect(raised).toMatchObject({ kind: 'TASK_DURATION', jobId: job.id, acknowledgedAt: null });
    expect((await api.alerts({ isActive: true })).filter(ofJob).map(({ id }) => id)).toEqual([raised.id]);
    await api.acknowledgeAlert(raised.id, { actor: 'mona' });
    expect(await next()).toMatchObject({ id: raised.id, acknowledgedBy: 'user:mona' });
    await until(async () => (await worker.alerts({ isActive: true })).find(ofJob)?.acknowledgedBy === 'user:mona');
    await api.deleteSchedule('often');
    await job.cancel();
    // When it is over, who has seen to it is still known.
    expect(await next()).toMatchObject({ id: raised.id, acknowledgedBy: 'user:mona', clearedAt: expect.any(Number) });
  });

  it('says so where only the other one knows, and why a task stands where it stands', async () => {
    const schema = schemaToAudit();
    const gate = new Gate();
    await startWorker(schema, [agent('waits', () => gate.pass()), echo]);
    const api = await startApi(schema, [agent('waits'), echo]);
    const handle = await api.submitJob({
      name: 'job',
      tasks: [
        { key: 'w', agent: 'waits' },
        { key: 'd', agent: 'echo', dependsOn: ['w'] },
      ],
    });
    await gate.reached();
    const waiting = await taskOf(api, handle.id, 'w');
    const dependent = await taskOf(api, handle.id, 'd');

    for (const ask of [() => api.metrics(), () => api.limitGauges(), () => api.waitingFor(dependent.id)])
      expect(ask).toThrow(expect.objectContaining({ code: 'RUNS_NO_TASKS' }));
    expect(api.recoveryReport()).toBeNull();
    expect(await api.why(waiting.id)).toMatchObject({ code: 'RUNNING' });
    expect(await api.why(dependent.id)).toMatchObject({ code: 'WAITING_DEPENDENCIES', blockers: [waiting.id] });
    gate.open();
    await handle.result();
    expect(await api.why(waiting.id)).toMatchObject({ code: 'DONE' });
  });

  it('parks there what the other one has no code for, until it has', async () => {
    const schema = schemaToAudit();
    const worker = await startWorker(schema, []);
    const api = await startApi(schema, [echo]);
    const handle = await api.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'echo' }] });
    await eventOf(api, handle.id, 'TASK_PARKED', 'a');
    worker.register(echo);
    await handle.result();
  });

  it('is followed where what it wrote cannot be read at first, and is counted once', async () => {
    const schema = schemaToAudit();
    let failures = 0;
    class FailingReads extends PostgresStore {
      override async eventsAfter(jobId: string, seq: number): Promise<readonly JobEvent[]> {
        failures += 1;
        if (failures % 2 === 1) throw new TaskloomError('STORE_UNAVAILABLE', 'the server is gone for a moment');
        return super.eventsAfter(jobId, seq);
      }
    }
    const gate = new Gate();
    const storeOf = (name: string): Store => new FailingReads(optionsOf(server.url, name));
    const worker = await startWorker(schema, [agent('waits', () => gate.pass())], { storeOf });
    const api = await startApi(schema, [agent('waits')]);
    const handle = await api.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'waits' }] });
    await gate.reached();
    await api.addTasks(handle.id, [{ key: 'b', agent: 'waits' }]);
    await gate.reached(2);
    gate.open();
    await handle.result();

    expect(failures).toBeGreaterThan(1);
    await until(() => worker.metrics().jobs.completed === 1);
    expect(worker.metrics().jobs).toEqual({ submitted: 1, completed: 1, failed: 0, cancelled: 0 });
  });

  describe('where nobody is told', () => {
    /** The session that listens of a store that reached the server through the proxy. */
    const listening = (): Promise<{ pid: number }[]> =>
      administer(server, `SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'taskloom %' AND query LIKE 'LISTEN%'`);

    it('because the connection was lost for a moment, looks again when it is back', async () => {
      const schema = schemaToAudit();
      // Clocks stand still: it is the new connection that makes them look.
      await startWorker(schema, [echo], { clock: new VirtualClock() });
      const api = await startApi(schema, [echo], { clock: new VirtualClock() });
      for (let round = 0; round < 3; round += 1) {
        for (const { pid } of await listening()) await administer(server, 'SELECT pg_terminate_backend($1, 10000)', [pid]);
        await (await api.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'echo', input: round }] })).result();
      }
    });

    it('because it does not come back, looks from time to time', async () => {
      const schema = schemaToAudit();
      const throughProxy = server.url.replace(`:${server.port}/`, `:${proxy.port}/`);
      const [clock, apiClock] = [new VirtualClock(), new VirtualClock()];
      const begun = new Gate();
      const told = new Gate();
      const works = agent('work', (_: unknown, ctx: TaskContext) => {
        void begun.pass();
        return aborted(ctx.signal).then(() => told.open());
      });
      await startWorker(schema, [works, echo], { url: throughProxy, clock });
      const api = await startApi(schema, [agent('work'), echo], { clock: apiClock });
      // It has a connection for whatever comes, and gets no other.
      const handle = await api.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'work' }] });
      await begun.reached();
      const admit = proxy.holdNewcomers();
      const listeners = await listening();
      expect(listeners).toHaveLength(2);
      for (const { pid } of listeners) await administer(server, 'SELECT pg_terminate_backend($1, 10000)', [pid]);
      await until(async () => (await listening()).length === 1);
      const next = await api.submitJob({ name: 'next', tasks: [{ key: 'a', agent: 'echo' }] });
      await handle.cancel();
      await clock.advance(5_000);
      await told.pass();
      const result = next.result();
      await until(async () => {
        await clock.advance(0);
        return isTerminalJob((await next.status()).status);
      });
      await apiClock.advance(5_000);
      await result;
      admit();
    });
  });

  it('steers jobs of any shape at random, several at once, and log and rows agree in the end', async () => {
    const schema = schemaToAudit();
    const random = seeded(SEED);
    const act = agent(
      'act',
      async (_: unknown, ctx: TaskContext) => {
        for (let turns = Math.floor(random() * 3); turns > 0; turns -= 1) await new Promise((resolve) => setImmediate(resolve));
        const dice = random();
        if (dice < 0.1) throw new Error('this time not');
        if (dice < 0.3) await ctx.step('one', () => 1);
        return dice;
      },
      { retry: { maxAttempts: 2, backoff: 'none' } },
    );
    const storeOf = (name: string): Store => countingStore(server.url, name);
    let worker = await startWorker(schema, [act], { maxParallel: 4, grace: 0, storeOf });
    const apis = await Promise.all([startApi(schema, [act], { storeOf }), startApi(schema, [act], { storeOf })]);
    let all = [worker, ...apis];
    const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
    const ids: string[] = [];
    const submit = async (): Promise<void> => {
      const tasks = Array.from({ length: 3 + Math.floor(random() * 12) }, (_, no) => ({
        key: `t${no}`,
        agent: 'act',
        failureStrategy: pick(['skip', 'continue', 'abort'] as const),
        ...(no > 0 && random() < 0.6 ? { dependsOn: [`t${Math.floor(random() * no)}`] } : {}),
      }));
      ids.push((await pick(all).submitJob({ name: 'job', tasks })).id);
    };
    const steer = async (turn: number): Promise<void> => {
      const engine = pick(all);
      const id = pick(ids);
      const taskId = `${id}:${1 + Math.floor(random() * 4)}`;
      const moves = [
        () => engine.pauseJob(id).then(() => pick(all).resumeJob(id)),
        () => engine.retryJob(id),
        () => engine.skipTask(taskId),
        () => engine.retryTask(taskId),
        () => engine.pauseTask(taskId).then(() => pick(all).resumeTask(taskId)),
        () => engine.addTasks(id, [{ key: `more-${turn}`, agent: 'act' }]),
        () => (random() < 0.3 ? engine.cancelJob(id) : Promise.resolve()),
      ];
      await pick(moves)().catch((error: { code?: string }) => {
        if (!['JOB_ALREADY_TERMINAL', 'ILLEGAL_MOVE', 'NOT_FOUND', 'JOB_CLOSED'].includes(error.code ?? '')) throw error;
      });
    };
    for (let turn = 0; turn < 60; turn += 1) {
      if (turn % 25 === 24) {
        // Meanwhile only those beside it are there.
        all = [...apis];
        const replaced = worker.stop({ graceMs: 0 }).then(() => startWorker(schema, [act], { maxParallel: 4, grace: 0, storeOf }));
        await Promise.all([submit(), steer(3 * turn), replaced]);
        worker = await replaced;
        all = [worker, ...apis];
      }
      if (turn % 10 === 0) await Promise.all([submit(), submit()]);
      await Promise.all([steer(3 * turn), steer(3 * turn + 1), steer(3 * turn + 2)]);
    }
    for (const id of ids) {
      // A hold that was placed and lifted by two who did not wait for each other may be left.
      await pick(all)
        .resumeJob(id)
        .catch(() => undefined);
      for (const { id: taskId, held } of (await apis[0].reader.tasks({ jobId: id }, { first: 100 })).items)
        if (held) await apis[0].resumeTask(taskId).catch(() => undefined);
    }
    for (const id of ids)
      await pick(apis)
        .job(id)
        .result()
        .catch(() => undefined);

    for (const id of ids) {
      const events = await eventsOf(apis[1], id);
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
      expect(isTerminalJob((await worker.job(id).status()).status)).toBe(true);
    }
    await until(() => Object.keys(worker.metrics().open.jobs).length === 0);
    // It would prove nothing if they had never met.
    expect(CountingStore.conflicts).toBeGreaterThan(0);
  });
});
