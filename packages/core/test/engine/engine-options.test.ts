import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, hostname } from 'node:os';

import { describe, expect, it, jest } from '@jest/globals';
import { z } from 'zod';

import { createEngine, defineAgent, defineWorkflow, type Engine, type EngineOptions } from '../../src/index.js';
import { parseEngineOptions } from '../../src/engine/options.js';
import { resolveInput } from '../../src/runtime/resolve-input.js';
import { agent, echo } from '../helpers/agents.js';
import { Gate } from '../helpers/gate.js';
import { ended, refusal, statusesOf, taskOf, tasksOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import { eventLoopTurns, VirtualClock } from '../helpers/virtual-clock.js';

const lab = useLab();

const refused = (options: unknown) => refusal((async () => createEngine(options as EngineOptions))());

describe('an option of the engine', () => {
  it.each<[string, unknown, string]>([
    ['that does not exist, with the nearest that does', { maxParalel: 3 }, '`maxParallel`'],
    ['that does not exist inside another one', { limits: { tasksPerJobs: 3 } }, '`limits.tasksPerJob`'],
    ['of the store that does not exist', { store: { path: 'x', sync: 'FULL' } }, '`store.sync`'],
    ['a timeout in words', { timeout: '5 minutes' }, '`timeout`'],
    ['a negative timeout', { timeout: -1 }, '`timeout`'],
    ['a grace time that is no number', { grace: Number.NaN }, '`grace`'],
    ['ageing for ever', { ageing: Number.POSITIVE_INFINITY }, '`ageing`'],
    ['a limit of 0', { limits: { outputBytes: 0 } }, '`limits.outputBytes`'],
    ['a limit of 1.5', { limits: { depth: 1.5 } }, '`limits.depth`'],
    ['a name of nothing', { name: ' ' }, '`name`'],
    ['a name that is longer than anybody reads', { name: 'x'.repeat(101) }, '`name`'],
    ['a name that commands the terminal', { name: 'web\u001b[2J' }, '`name`'],
    ['a name with half a character', { name: 'web\ud83d' }, '`name`'],
    ['a name that is a number', { name: 7 }, '`name`'],
    ['a name that is nearly an option', { nam: 'web' }, '`name`'],
    ['an empty path', { store: { path: '' } }, '`store.path`'],
    ['synchronous OFF', { store: { path: 'x', synchronous: 'OFF' } }, '`store.synchronous`'],
    ['a store of no known type', { store: { type: 'oracle', path: 'x' } }, '`store.type`'],
    ['a PostgreSQL store without a URL', { store: { type: 'postgres' } }, '`store.url`'],
    ['a PostgreSQL store at a URL of something else', { store: { type: 'postgres', url: 'mysql://h/d' } }, '`store.url`'],
    ['a path of a PostgreSQL store', { store: { type: 'postgres', url: 'postgres://h/d', path: 'x' } }, '`store.path`'],
    ['a schema that would need quotes', { store: { type: 'postgres', url: 'postgres://h/d', schema: 'My Jobs' } }, '`store.schema`'],
    ['a schema of the server', { store: { type: 'postgres', url: 'postgres://h/d', schema: 'pg_jobs' } }, '`store.schema`'],
    ['too few connections', { store: { type: 'postgres', url: 'postgres://h/d', connections: 3 } }, '`store.connections`'],
    ['a lease of no time', { store: { type: 'postgres', url: 'postgres://h/d', lease: 10 } }, '`store.lease`'],
    [
      'a time for statements in words',
      { store: { type: 'postgres', url: 'postgres://h/d', statementTimeout: 'long' } },
      '`store.statementTimeout`',
    ],
    ['a text that stands for another', { redactText: '***' }, '`redactText`'],
    ['tasks that run sometimes', { runTasks: 'sometimes' }, '`runTasks`'],
    ['ageing of no time', { ageing: 0 }, '`ageing`'],
    ['a preset that does not exist, with the nearest that does', { preset: 'prodution' }, "'production'"],
    ['a pool of nothing', { pools: { cpu: 0 } }, '`pools.cpu`'],
    ['a pool in words', { pools: { memoryMb: '4g' } }, '`pools.memoryMb`'],
    ['a pool with a name that is none', { pools: { 'a b': 1 } }, '`pools.a b`'],
    ['a named limit that limits nothing', { namedLimits: { api: {} } }, '`namedLimits.api`'],
    ['a named limit with an option that does not exist', { namedLimits: { api: { concurency: 1 } } }, '`namedLimits.api.concurrency`'],
    ['a named limit of 0', { namedLimits: { api: { concurrency: 0 } } }, '`namedLimits.api.concurrency`'],
    ['a named limit of a million', { namedLimits: { api: { concurrency: 1e6 } } }, '`namedLimits.api.concurrency`'],
    ['a monitor in words', { monitor: 'on' }, '`monitor`'],
    ['a monitor that is a list', { monitor: [] }, '`monitor` is []; it must be an object'],
    ['a limit that no number can be compared with', { limits: { inputBytes: Symbol('x'), resolvedInputBytes: 5 } }, '`limits.inputBytes`'],
    ['a threshold that does not exist', { monitor: { taskDurations: '1h' } }, '`monitor.taskDuration`'],
    ['an interval of no time', { monitor: { interval: 0 } }, '`monitor.interval`'],
    ['a share above 1', { monitor: { failureRate: 10 } }, '`monitor.failureRate`'],
    ['a share in words', { monitor: { resourceUsage: '80 %' } }, '`monitor.resourceUsage`'],
    ['a window of a moment', { monitor: { failureWindow: '10ms' } }, '`monitor.failureWindow`'],
    ['a rate of no tasks', { monitor: { failureTasks: 0 } }, '`monitor.failureTasks`'],
    ['alerts in the database that the jobs are in', { store: { path: 'x' }, monitor: { store: { path: 'x' } } }, '`monitor.store`'],
    ['alerts in a database of no known type', { monitor: { store: { type: 'oracle' } } }, '`monitor.store.type`'],
    ['a guard that does not exist', { guards: { circuitBraker: {} } }, '`guards.circuitBreaker`'],
    ['a circuit breaker’s option that does not exist', { guards: { circuitBreaker: { cooldwn: 1 } } }, '`guards.circuitBreaker.cooldown`'],
    ['a circuit breaker that is always open', { guards: { circuitBreaker: { failureRate: 0 } } }, '`guards.circuitBreaker.failureRate`'],
    ['a circuit breaker after no attempt', { guards: { circuitBreaker: { attempts: 0 } } }, '`guards.circuitBreaker.attempts`'],
    ['a window of a circuit breaker of a moment', { guards: { circuitBreaker: { window: 1 } } }, '`guards.circuitBreaker.window`'],
    ['a cooldown in words', { guards: { circuitBreaker: { cooldown: 'long' } } }, '`guards.circuitBreaker.cooldown`'],
    ['a cascade of one failure', { guards: { cascadeAfter: 1 } }, '`guards.cascadeAfter`'],
    ['a rate of no time', { namedLimits: { api: { rate: { starts: 1, per: 0 } } } }, '`namedLimits.api.rate.per`'],
    ['a rate of half a start', { namedLimits: { api: { rate: { starts: 0.5, per: '1s' } } } }, '`namedLimits.api.rate.starts`'],
  ])('is refused when it is wrong, by name: %s (bad input C1)', async (_, options, named) => {
    const error = await refused(options);
    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.message).toContain(named);
    expect(error.remedy).not.toBe('');
  });

  it.each([null, 5, 'x', []])('is in an object, not in %j', async (options) => {
    const shown = JSON.stringify(options);
    expect(await refused(options)).toMatchObject({
      code: 'CONFIG_INVALID',
      message: `The options of the engine are ${shown}; they must be an object such as \`{ store: { path: 'taskloom.db' } }\`.`,
    });
  });

  it('is compared with another one only where both are numbers', async () => {
    const error = await refused({ limits: { inputBytes: '2000', resolvedInputBytes: 1_000 } });
    expect(error.details['problems']).toEqual([expect.stringContaining('`limits.inputBytes` is "2000"')]);
  });

  it('is refused together with all others that are wrong, in one error', async () => {
    const error = await refused({ maxParallel: 0, timeout: 'x', limits: { depth: 0, nonsense: 1 }, stor: {} });
    expect(error.details['problems']).toHaveLength(5);
  });

  it.each<[string, unknown, string[]]>([
    [
      'more tasks a call than a job',
      { limits: { dynamicTasksPerCall: 50, dynamicTasksPerJob: 20 } },
      ['`limits.dynamicTasksPerCall` is 50', '`limits.dynamicTasksPerJob`, which is 20'],
    ],
    [
      'inputs that could be stored and not used',
      { limits: { inputBytes: 2_000, resolvedInputBytes: 1_000 } },
      ['`limits.inputBytes` is 2000', '`limits.resolvedInputBytes`, which is 1000'],
    ],
  ])('is refused when it contradicts another one, showing both values: %s (C6)', async (_, options, shown) => {
    const error = await refused(options);
    expect(error.code).toBe('CONFIG_INVALID');
    for (const text of shown) expect(error.message).toContain(text);
  });

  it('is read as what it is where it has a prototype, a circle or a getter, and pollutes nothing (bad input C9)', async () => {
    const withPrototype = JSON.parse('{"maxParallel": 3, "__proto__": {"polluted": true}, "limits": {"__proto__": {"polluted": true}}}');
    expect((await refused(withPrototype)).message).toContain('`__proto__`');

    const circle: Record<string, unknown> = { maxParallel: 3 };
    circle['limits'] = circle;
    expect((await refused(circle)).message).toContain('`limits.maxParallel`');

    let read = 0;
    const getter = Object.defineProperty({}, 'maxParalel', {
      enumerable: true,
      get: () => {
        read += 1;
        throw new Error('do not read me');
      },
    });
    expect((await refused(getter)).message).toContain('`maxParallel`');
    expect([read, 'polluted' in {}]).toEqual([0, false]);
  });

  it.each([0, -1, 1_000_000, Number.NaN])('is refused out of range: maxParallel %s (C6)', async (maxParallel) => {
    expect((await refused({ maxParallel })).message).toContain('`maxParallel`');
  });

  it('may be left out: a private database, and nothing is left of it', async () => {
    const engine = createEngine({ store: { path: ':memory:' } });
    engine.register(echo);
    await engine.start();
    await (await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'echo' }] })).result();
    await engine.stop();
  });
});

describe('a store in PostgreSQL', () => {
  it('has defaults for all but its URL, and gives way to what is given', () => {
    const url = 'postgresql://user:secret@host:5432/jobs?sslmode=require';

    expect(parseEngineOptions({ store: { type: 'postgres', url } }).store).toEqual({
      type: 'postgres',
      url,
      schema: 'taskloom',
      connections: 8,
      leaseMs: 30_000,
      statementTimeoutMs: 60_000,
    });
    expect(
      parseEngineOptions({
        store: { type: 'postgres', url, schema: 'mine', connections: 4, lease: '5s', statementTimeout: '2s' },
        preset: 'production',
      }).store,
    ).toMatchObject({ schema: 'mine', connections: 4, leaseMs: 5_000, statementTimeoutMs: 2_000 });
  });

  it('is refused without its password being shown', async () => {
    const error = await refused({ store: { type: 'postgres', url: 'postgre://user:secret@host/jobs' } });

    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.message).not.toContain('secret');
  });

  it('that cannot be reached refuses the start, which may be tried again', async () => {
    const engine = createEngine({ store: { type: 'postgres', url: 'postgres://user:secret@127.0.0.1:1/jobs' } });

    for (let tries = 0; tries < 2; tries += 1) {
      const error = await refusal(engine.start());
      expect(error.code).toBe('STORE_UNAVAILABLE');
      expect(error.message).not.toContain('secret');
    }
  });
});

describe('a database that cannot be opened', () => {
  it.each<[string, (path: string) => void]>([
    ['because the path is a folder', (path) => mkdirSync(path)],
    ['because the file is something else', (path) => writeFileSync(path, 'not a database, but long enough to look at '.repeat(100))],
    ['because its folder is a file', (path) => writeFileSync(path.replace(/\/[^/]*$/, ''), 'a file')],
  ])('is said with STORE_UNAVAILABLE and the path: %s (bad input C3)', async (reason, spoil) => {
    const path = `${lab.path('notes.txt').replace('notes.txt', '')}${reason.includes('folder is') ? 'file/jobs.db' : 'odd.db'}`;
    spoil(path);
    const engine = createEngine({ store: { path } });
    const error = await refusal(engine.start());
    expect(error.code).toBe('STORE_UNAVAILABLE');
    expect(error.message).toContain(path);
  });
});

describe('a default', () => {
  it('lets twice the cores run at the same time, at least 4', async () => {
    const places = Math.max(4, 2 * availableParallelism());
    const gate = new Gate();
    const engine = await lab.start([agent('waits', () => gate.pass())]);
    const job = await engine.submitJob({
      name: 'job',
      tasks: Array.from({ length: places + 3 }, (_, n) => ({ key: `t${n}`, agent: 'waits' })),
    });
    await eventLoopTurns();
    expect(Object.values(await statusesOf(engine, job.id)).filter((status) => status === 'IN_PROGRESS')).toHaveLength(places);
    gate.open();
    await job.result();
  });

  it('leaves the place of an agent that does not stop taken for 5 s', async () => {
    const clock = new VirtualClock();
    const engine = await lab.start([agent('ignores', () => new Promise(() => undefined), { timeout: 10 }), echo], {
      clock,
      maxParallel: 1,
    });
    const job = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'a', agent: 'ignores', priority: 10 },
        { key: 'b', agent: 'echo' },
      ],
      options: { failureStrategy: 'skip' },
    });
    await clock.advance(10 + 4_999);
    expect((await taskOf(engine, job.id, 'b')).status).toBe('READY');
    await clock.advance(1);
    await job.result();
  });

  it('waits 10 s for what runs when the engine stops', async () => {
    const clock = new VirtualClock();
    let aborted = false;
    const engine = await lab.start(
      [agent('waits', (_, ctx) => new Promise((resolve) => ctx.signal.addEventListener('abort', () => resolve((aborted = true)))))],
      { clock },
    );
    await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'waits' }] });
    await clock.advance(1);
    const stopping = engine.stop();
    await clock.advance(9_999);
    expect(aborted).toBe(false);
    await clock.advance(1);
    await stopping;
    expect(aborted).toBe(true);
  });

  it('is what the agreed table says, for every option that has a number', () => {
    const { name, limits, cache, monitor, maxParallel, timeoutMs, ageingMs, graceMs, retentionMs, runTasks, store } = parseEngineOptions(
      {},
    );
    expect({ name, limits, cache, monitor, maxParallel, timeoutMs, ageingMs, graceMs, retentionMs, runTasks, store }).toEqual({
      name: hostname(),
      limits: {
        tasksPerJob: 100_000,
        edgesPerJob: 1_000_000,
        dynamicTasksPerCall: 1_000,
        dynamicTasksPerJob: 10_000,
        depth: 32,
        inputBytes: 1_048_576,
        resolvedInputBytes: 16_777_216,
        outputBytes: 1_048_576,
      },
      cache: { entries: 10_000, bytes: 104_857_600 },
      monitor: {
        intervalMs: 300_000,
        taskDurationMs: 3_600_000,
        resourceUsage: 0.8,
        dependencyWaitMs: 300_000,
        failureRate: 0.1,
        failureWindowMs: 900_000,
        failureTasks: 10,
        store: null,
      },
      maxParallel: Math.max(4, 2 * availableParallelism()),
      timeoutMs: 300_000,
      ageingMs: 30_000,
      graceMs: 5_000,
      retentionMs: 30 * 86_400_000,
      runTasks: true,
      store: { path: '.taskloom/taskloom.db', synchronous: 'FULL' },
    });
    expect(parseEngineOptions({ store: { type: 'postgres', url: 'postgres://h/d' } }).store).toMatchObject({ leaseMs: 30_000 });
  });

  it('of the name is what the machine is called; its id is new each time, and the start says both', async () => {
    const lines: unknown[] = [];
    const ignore = (): void => undefined;
    const logger = {
      debug: ignore,
      info: (message: string, data?: object) => void lines.push([message, data]),
      warn: ignore,
      error: ignore,
    };
    const engines = [await lab.start([echo], { file: 'one', logger }), await lab.start([echo], { file: 'two', name: 'web 1', logger })];
    const [{ id: first }, { id: second }] = engines as [Engine, Engine];

    expect(engines.map(({ name }) => name)).toEqual([hostname(), 'web 1']);
    expect([first, second]).toEqual([expect.stringMatching(/^[\w-]{12}$/), expect.not.stringContaining(first)]);
    expect(lines).toEqual([
      [`The engine "${hostname()}" (${first}) starts.`, { engine: { id: first, name: hostname() } }],
      [`The engine "web 1" (${second}) starts.`, { engine: { id: second, name: 'web 1' } }],
    ]);
  });

  it('of a task is one attempt, priority 5, abort, no deadline, and nobody who judges it', async () => {
    const engine = await lab.start(
      [
        agent('fails', () => {
          throw new Error('once');
        }),
        agent('stuck', () => new Promise(() => undefined)),
      ],
      { grace: 0 },
    );
    const { id } = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 't', agent: 'fails' },
        { key: 'rest', agent: 'stuck' },
      ],
    });
    expect(await ended(engine, id)).toMatchObject({ status: 'FAILED', deadline: null });
    expect(await taskOf(engine, id, 't')).toMatchObject({
      status: 'FAILED',
      attempt: 1,
      priority: 5,
      weight: 1,
      failureStrategy: 'abort',
      durability: 'retry',
      deadline: null,
      review: null,
      recovery: null,
      resources: null,
      assignee: null,
    });
    expect((await taskOf(engine, id, 'rest')).status).toBe('CANCELLED');
  });

  it('lets the outputs that make up an input have 16 MiB and not a byte more', () => {
    const { resolvedInputBytes } = parseEngineOptions({}).limits;
    const refs = [1, 2].map((task) => ({ at: `/${task - 1}`, task, path: '' }));
    const half = 8_388_608;
    const outputs = (bytes: number): Map<number, string> =>
      new Map([half, bytes - half].map((size, index) => [index + 1, JSON.stringify('x'.repeat(size - 2))]));
    const resolve = (bytes: number) => resolveInput({ value: [null, null], refs }, outputs(bytes), resolvedInputBytes);

    expect(resolve(16_777_216).missing).toEqual([]);
    expect(() => resolve(16_777_217)).toThrow(expect.objectContaining({ code: 'INPUT_TOO_LARGE', details: { limit: 16_777_216 } }));
  });

  it('allows 100,000 tasks in a job and not one more', async () => {
    const engine = await lab.start([echo]);
    const tasks = Array.from({ length: 100_001 }, (_, n) => ({ key: `t${n}`, agent: 'echo' }));
    const error = await refusal(engine.submitJob({ name: 'job', tasks }));
    expect(error).toMatchObject({ code: 'GRAPH_LIMIT', details: { tasks: 100_001, limit: 100_000 } });
  });

  it('allows an agent to ask for 1,000 tasks at once and not one more', async () => {
    const asks = agent(
      'asks',
      async (count: number, ctx) => (await Promise.all(Array.from({ length: count }, (_, n) => ctx.need(echo, n)))).length,
    );
    const engine = await lab.start([asks, echo]);
    const job = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'fits', agent: 'asks', input: 1_000 },
        { key: 'more', agent: 'asks', input: 1_001 },
      ],
      options: { failureStrategy: 'skip' },
    });
    await job.result();
    expect((await taskOf(engine, job.id, 'fits')).status).toBe('COMPLETED');
    expect(await taskOf(engine, job.id, 'more')).toMatchObject({
      status: 'FAILED',
      error: { code: 'DYNAMIC_LIMIT', details: { added: 1_001, limit: 1_000 } },
    });
  });

  it('allows agents to nest tasks 32 levels deep and not one more', async () => {
    const nests = agent('nests', async (level: number, ctx): Promise<number> =>
      level === 0 ? 0 : 1 + Number(await ctx.need('nests', level - 1)),
    );
    const engine = await lab.start([nests]);
    const nest = async (levels: number): Promise<unknown> => {
      const job = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'nests', type: 'OBJECTIVE', input: levels }] });
      if ((await ended(engine, job.id)).status === 'COMPLETED') return job.result();
      return [...(await tasksOf(engine, job.id)).values()].at(-1)?.error?.code;
    };
    expect([await nest(32), await nest(33)]).toEqual([32, 'DYNAMIC_LIMIT']);
  });
});

describe('a preset', () => {
  const parse = (options: EngineOptions) => parseEngineOptions(options);

  it('gives way to what is given beside it', () => {
    const parsed = parse({
      preset: 'high-throughput',
      maxParallel: 3,
      limits: { dynamicTasksPerCall: 7 },
      store: { path: 'here.db' },
      cache: { entries: 9 },
    });
    expect(parsed).toMatchObject({
      maxParallel: 3,
      store: { path: 'here.db', synchronous: 'FULL' },
      cache: { entries: 9, bytes: 536_870_912 },
    });
    expect(parsed.limits).toMatchObject({ dynamicTasksPerCall: 7, dynamicTasksPerJob: 100_000, depth: 32 });
  });

  it('production is the defaults, and refuses a store that keeps nothing (C3)', async () => {
    expect(parse({ preset: 'production' })).toEqual(parse({}));
    expect((await refused({ preset: 'production', store: { path: ':memory:' } })).message).toContain('keeps nothing');
    expect(parse({ store: { path: ':memory:' } }).store).toEqual({ path: ':memory:', synchronous: 'FULL' });
  });

  it('development does not wait for the disk, stops quickly and shows what goes wrong', () => {
    const parsed = parse({ preset: 'development' });
    expect(parsed).toMatchObject({ store: { path: '.taskloom/taskloom.db', synchronous: 'NORMAL' }, graceMs: 1_000 });
    const written = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      parsed.logger.debug('quiet');
      parsed.logger.info('quiet');
      parsed.logger.warn('odd');
      parsed.logger.error('broken', { job: 'j1' });
      expect(written.mock.calls.map(([line]) => line)).toEqual(['taskloom warning: odd\n', 'taskloom error: broken {"job":"j1"}\n']);
    } finally {
      written.mockRestore();
    }
  });

  it('high-throughput has more places, larger graphs and larger caches, and as safe a store', () => {
    const parsed = parse({ preset: 'high-throughput' });
    expect(parsed).toMatchObject({
      store: { synchronous: 'FULL' },
      maxParallel: Math.max(32, 16 * availableParallelism()),
      limits: { dynamicTasksPerCall: 10_000, dynamicTasksPerJob: 100_000 },
      cache: { entries: 100_000, bytes: 536_870_912 },
    });
  });

  it('holds in the engine: as many run as it says', async () => {
    const gate = new Gate();
    const engine = await lab.start([agent('waits', () => gate.pass())], { preset: 'high-throughput' });
    const places = Math.max(32, 16 * availableParallelism());
    const job = await engine.submitJob({
      name: 'job',
      tasks: Array.from({ length: places + 3 }, (_, n) => ({ key: `t${n}`, agent: 'waits' })),
    });
    await gate.reached(places);
    await eventLoopTurns();
    expect(engine.limitGauges()[0]).toEqual({ limit: 'process', kind: 'process', taken: places, capacity: places, waiting: 3 });
    gate.open();
    await job.result();
  });
});

describe('the registry of the engine', () => {
  const Reader = defineAgent({
    name: 'reader',
    description: 'Reads',
    version: '2',
    capabilities: ['read', 'net'],
    input: z.object({ url: z.string() }),
    output: z.string(),
    execute: () => '',
  });
  const Counter = defineAgent({
    name: 'counter',
    capabilities: ['count'],
    input: z.object({ n: z.number().optional() }),
    output: z.number(),
    execute: () => 1,
  });
  const Wf = defineWorkflow({
    name: 'wf',
    description: 'Does',
    version: '3',
    input: z.object({ a: z.string() }),
    output: z.object({ b: z.number() }),
    plan: (flow) => ({ b: flow.add(Counter, {}).out }),
  });

  it('lists agents, by capability, by name and by what they accept', async () => {
    const engine = lab.create([Reader, Counter, Wf]);
    expect(engine.agents().map(({ name }) => name)).toEqual(['reader', 'counter']);
    expect(engine.agents({ capability: 'net' }).map(({ name }) => name)).toEqual(['reader']);
    expect(engine.agents({ capability: 'none' })).toEqual([]);
    expect((await engine.agentsAccepting({ url: 'x' })).map(({ name }) => name)).toEqual(['reader', 'counter']);
    expect((await engine.agentsAccepting({ n: 1 })).map(({ name }) => name)).toEqual(['counter']);
    expect(await engine.agentsAccepting(7)).toEqual([]);
    expect(engine.agent('reader')).toMatchObject({
      name: 'reader',
      description: 'Reads',
      version: '2',
      capabilities: ['read', 'net'],
      inputSchema: { required: ['url'] },
      outputSchema: { type: 'string' },
    });
    expect(engine.nameOf(Reader)).toBe('reader');
  });

  it('lists workflows with their schemas', () => {
    const engine = lab.create([Reader, Counter, Wf]);
    expect(engine.workflows()).toHaveLength(1);
    expect(engine.workflow('wf')).toMatchObject({
      name: 'wf',
      description: 'Does',
      version: '3',
      inputSchema: { required: ['a'] },
      outputSchema: { required: ['b'] },
    });
    expect(engine.workflow('other')).toBeNull();
  });

  it('refuses a schema that JSON cannot hold when the agent is defined', async () => {
    for (const schema of [z.object({ at: z.date() }), z.bigint(), z.map(z.string(), z.number()), z.object({ x: z.undefined() })]) {
      const error = await refusal(
        (async () => defineAgent({ name: 'x', input: z.unknown(), output: schema as z.ZodType, execute: () => null }))(),
      );
      expect(error.code).toBe('SCHEMA_NOT_JSON');
      expect(error.message).toContain('agent "x"');
    }
  });
});
