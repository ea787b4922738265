import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { Flaky } from './support/agents.js';
import { dataOf } from './support/ask.js';
import { ended, runJob, runWelcome } from './support/jobs.js';
import { startApp, stopApps, type TestApp } from './support/start-app.js';
import { all, closeSockets, resultsOf, socketClient, watch } from './support/watch.js';

let app: TestApp;

beforeEach(async () => {
  app = await startApp();
});
afterEach(async () => {
  await closeSockets();
  await stopApps();
});

const EVENTS = 'subscription ($id: ID!, $afterSeq: Int) { jobEvents(jobId: $id, afterSeq: $afterSeq) { jobId seq type taskKey } }';
const TASKS = 'subscription ($id: ID!) { taskUpdated(jobId: $id) { key status output children { totalCount } } }';
const JOB = 'subscription ($id: ID) { jobUpdated(jobId: $id) { id status progress output counts { completed total } } }';

type Events = { jobEvents: { seq: number; type: string; taskKey: string | null } };
type Tasks = { taskUpdated: { key: string; status: string; output: unknown } };
type Jobs = { jobUpdated: { id: string; status: string; progress: number; output: unknown } };

/** A job of two steps whose first waits for the test. */
async function waitingJob(): Promise<string> {
  const { id } = await app.engine.submitJob({
    name: 'waiting',
    tasks: [
      { key: 'a', agent: 'wait', input: {} },
      { key: 'b', agent: 'greet', input: { name: 'Ada' }, dependsOn: ['a'] },
    ],
  });
  await app.gate.reached;
  return id;
}

describe('a subscription to what cannot be a job (Q7)', () => {
  it.each([
    'jobEvents(jobId: "") { seq }',
    'taskUpdated(jobId: "") { key }',
    'jobUpdated(jobId: "") { id }',
    'humanRequested(jobId: "") { id }',
    'jobUpdated(jobId: "__proto__") { id }',
  ])('is refused: %s', async (field) => {
    const [only, ...more] = await resultsOf(watch(app.socketUrl, `subscription { ${field} }`));
    expect(only).toMatchObject({ errors: [{ extensions: { code: 'ID_INVALID' } }] });
    expect(more).toEqual([]);
  });
});

describe('jobEvents', () => {
  it('gives a late subscriber every event in order and ends with the job', async () => {
    const id = await runWelcome(app.engine);
    const stored = await app.engine.reader.events(id, 0, 1_000);
    const seen = await all<Events>(app.socketUrl, EVENTS, { id, afterSeq: 0 });
    expect(seen.map(({ jobEvents }) => jobEvents.seq)).toEqual(stored.map(({ seq }) => seq));
    expect(seen.map(({ jobEvents }) => jobEvents.type)).toEqual(stored.map(({ type }) => type));
    expect(seen.at(-1)!.jobEvents.type).toBe('JOB_COMPLETED');
  });

  it('A15: opened after the job has begun, from 0, gives history, then what happens: every event in order, once', async () => {
    const id = await waitingJob();
    const { lastSeq: before } = (await app.engine.reader.job(id))!;
    const seen: number[] = [];
    for await (const { data } of watch<Events>(app.socketUrl, EVENTS, { id, afterSeq: 0 })) {
      seen.push(data!.jobEvents.seq);
      // All of the history has come; what follows happens while it is watched.
      if (data!.jobEvents.seq === before) app.gate.open();
    }
    const stored = await app.engine.reader.events(id, 0, 1_000);
    expect(seen).toEqual(stored.map(({ seq }) => seq));
    expect(seen).toEqual(Array.from({ length: seen.length }, (_, index) => index + 1));
    expect(before).toBeGreaterThan(1);
    expect(seen.length).toBeGreaterThan(before);
  });

  it('gives all from the first where no cursor is given', async () => {
    const id = await runWelcome(app.engine);
    const stored = await app.engine.reader.events(id, 0, 1_000);
    const seen = await all<Events>(app.socketUrl, EVENTS, { id });
    expect(seen.map(({ jobEvents }) => jobEvents.seq)).toEqual(stored.map(({ seq }) => seq));
  });

  it('resumes after a lost connection with the last number seen', async () => {
    const id = await waitingJob();
    const first = socketClient(app.socketUrl);
    const seen: number[] = [];
    for await (const { data } of first.iterate<Events>({ query: EVENTS, variables: { id } })) {
      seen.push(data!.jobEvents.seq);
      if (seen.length === 3) first.terminate();
      if (seen.length === 3) break;
    }
    app.gate.open();
    await ended(app.engine, id);
    const rest = await all<Events>(app.socketUrl, EVENTS, { id, afterSeq: seen.at(-1)! });
    const { lastSeq } = (await app.engine.reader.job(id))!;
    expect([...seen, ...rest.map(({ jobEvents }) => jobEvents.seq)]).toEqual(Array.from({ length: lastSeq }, (_, index) => index + 1));
  });

  it('loses and repeats nothing over a hundred lost connections', async () => {
    const tasks = Array.from({ length: 1_000 }, (_, index) => ({
      key: `t${index}`,
      agent: 'greet',
      input: { name: `${index}` },
      dependsOn: [index >= 20 ? `t${index - 20}` : 'gate'],
    }));
    const { id } = await app.engine.submitJob({ name: 'long', tasks: [{ key: 'gate', agent: 'wait', input: {} }, ...tasks] });
    await app.gate.reached;
    app.gate.open();
    const seen: number[] = [];
    let isOver = false;
    for (let connection = 0; !isOver; connection += 1) {
      const client = socketClient(app.socketUrl);
      let taken = 0;
      for await (const { data } of client.iterate<Events>({ query: EVENTS, variables: { id, afterSeq: seen.at(-1) ?? 0 } })) {
        seen.push(data!.jobEvents.seq);
        isOver = data!.jobEvents.type === 'JOB_COMPLETED';
        taken += 1;
        // Between 1 and 40 events each time.
        if (taken > (connection * 7) % 40) break;
      }
      client.terminate();
    }
    const { lastSeq } = (await app.engine.reader.job(id))!;
    expect(seen).toEqual(Array.from({ length: lastSeq }, (_, index) => index + 1));
  }, 120_000);

  it('goes on after a retry for those who subscribe again', async () => {
    Flaky.broken = true;
    const id = await runJob(app.engine, [{ key: 'flaky', agent: 'flaky', input: {} }]);
    const before = await all<Events>(app.socketUrl, EVENTS, { id });
    expect(before.at(-1)!.jobEvents.type).toBe('JOB_FAILED');
    Flaky.broken = false;
    await app.engine.retryJob(id);
    const after = await all<Events>(app.socketUrl, EVENTS, { id, afterSeq: before.at(-1)!.jobEvents.seq });
    expect(after[0]!.jobEvents.type).toBe('JOB_REOPENED');
    expect(after.at(-1)!.jobEvents.type).toBe('JOB_COMPLETED');
  });

  it.each([
    ['an unknown job', { id: 'none' }, 'NOT_FOUND'],
    ['what is no id', { id: 'no id' }, 'ID_INVALID'],
  ])('refuses %s and leaves the socket open', async (_what, variables, code) => {
    const client = socketClient(app.socketUrl);
    const results = [];
    for await (const result of client.iterate({ query: EVENTS, variables })) results.push(result);
    expect(results).toMatchObject([{ errors: [{ extensions: { code, remedy: expect.any(String) } }] }]);
    const { value } = await client.iterate({ query: '{ workflows { name } }' }).next();
    expect(value).toEqual({ data: { workflows: [{ name: 'welcome' }] } });
  });

  it('refuses a cursor that is not of this job', async () => {
    const id = await runWelcome(app.engine);
    for (const afterSeq of [-1, 12, 2_147_483_647]) {
      const { value } = await watch(app.socketUrl, EVENTS, { id, afterSeq }).next();
      expect(value).toMatchObject({ errors: [{ extensions: { code: 'CURSOR_INVALID', details: { lastSeq: 11 } } }] });
    }
  });

  it('is read from the store once for all who watch, and looks to each as it asked', async () => {
    const id = await waitingJob();
    const { reader } = app.engine;
    let reads = 0;
    const counting = { ...reader, events: (...args: Parameters<typeof reader.events>) => ((reads += 1), reader.events(...args)) };
    Object.defineProperty(app.engine, 'reader', { value: counting, configurable: true });
    const others = 'subscription ($id: ID!, $all: Boolean!) { jobEvents(jobId: $id) { number: seq type @include(if: $all) } }';
    const streams = [
      ...Array.from({ length: 20 }, () => watch<Events>(app.socketUrl, EVENTS, { id })),
      watch<Events>(app.socketUrl, others, { id, all: true }),
      watch<Events>(app.socketUrl, others, { id, all: false }),
    ];
    const firsts = await Promise.all(streams.map(async (stream) => ((await stream.next()).value as { data: Events }).data.jobEvents));
    const one = firsts[0]!;
    expect(firsts.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => one));
    expect(firsts.slice(20)).toEqual([{ number: one.seq, type: one.type }, { number: one.seq }]);
    const before = reads;
    app.gate.open();
    const rest = await Promise.all(streams.map((stream) => resultsOf(stream)));
    Object.defineProperty(app.engine, 'reader', { value: reader, configurable: true });
    expect(new Set(rest.map((results) => results.length)).size).toBe(1);
    // Each watcher on its own would have read at least once.
    expect(reads - before).toBeLessThan(streams.length);
  });

  it('lets go of the engine at once when its client leaves', async () => {
    const id = await waitingJob();
    const signals: AbortSignal[] = [];
    const changes = app.engine.changes.bind(app.engine);
    app.engine.changes = (options) => {
      if (options?.signal) signals.push(options.signal);
      return changes(options);
    };
    const one = socketClient(app.socketUrl);
    const stream = one.iterate<Events>({ query: EVENTS, variables: { id } });
    await stream.next();
    const [signal] = signals;
    const aborted = new Promise((resolve) => signal!.addEventListener('abort', resolve));
    // The stream has no next event to give: the job waits for the test.
    await stream.return!();
    await aborted;

    const other = watch<Events>(app.socketUrl, EVENTS, { id });
    await other.next();
    const cut = new Promise((resolve) => signals[1]!.addEventListener('abort', resolve));
    await closeSockets();
    await cut;
    app.gate.open();
  });
});

describe('taskUpdated', () => {
  it('gives every task as it stands, then each change, and ends with the job', async () => {
    const id = await waitingJob();
    const seen: string[] = [];
    for await (const { data } of watch<Tasks>(app.socketUrl, TASKS, { id })) {
      seen.push(`${data!.taskUpdated.key} ${data!.taskUpdated.status}`);
      if (seen.length === 3) {
        expect(seen.map((text) => text.split(' ')[0])).toEqual(['objective', 'a', 'b']);
        app.gate.open();
      }
    }
    expect(seen).toContain('a IN_PROGRESS');
    // The latest state of each is told last, whatever was merged in between.
    const latest = new Map(seen.map((text) => text.split(' ') as [string, string]));
    expect(Object.fromEntries(latest)).toEqual({ objective: 'COMPLETED', a: 'COMPLETED', b: 'COMPLETED' });
  });

  it('gives an ended job as it stands and ends', async () => {
    const id = await runWelcome(app.engine);
    const seen = await all<Tasks>(app.socketUrl, TASKS, { id });
    expect(seen.map(({ taskUpdated }) => taskUpdated.key)).toEqual(['objective', 'talk', 'greet', 'shout']);
    expect(seen.at(-1)!.taskUpdated).toMatchObject({ status: 'COMPLETED', output: { text: 'HELLO, ADA!' } });
  });

  it('tells a watcher of a large, fast job the last state of every task', async () => {
    const tasks = Array.from({ length: 300 }, (_, index) => ({
      key: `t${index}`,
      agent: 'greet',
      input: { name: `${index}` },
      ...(index >= 10 ? { dependsOn: [`t${index - 10}`] } : {}),
    }));
    const { id } = await app.engine.submitJob({ name: 'large', tasks });
    const latest = new Map<string, string>();
    for await (const { data } of watch<Tasks>(app.socketUrl, TASKS, { id })) latest.set(data!.taskUpdated.key, data!.taskUpdated.status);
    expect(latest.size).toBe(301);
    expect(new Set(latest.values())).toEqual(new Set(['COMPLETED']));
  }, 120_000);
});

describe('jobUpdated', () => {
  it('gives the job as it stands, then its changes, and ends with it', async () => {
    const id = await waitingJob();
    const seen: Jobs['jobUpdated'][] = [];
    for await (const { data } of watch<Jobs>(app.socketUrl, JOB, { id })) {
      seen.push(data!.jobUpdated);
      app.gate.open();
    }
    expect(seen[0]).toMatchObject({ id, status: 'RUNNING', progress: 0 });
    expect(seen.at(-1)).toMatchObject({ status: 'COMPLETED', progress: 100 });
    expect(seen.filter(({ status }) => status === 'COMPLETED')).toHaveLength(1);
  });

  it('without an id gives the open jobs, then all that change', async () => {
    const id = await waitingJob();
    const stream = watch<Jobs>(app.socketUrl, JOB);
    expect((await stream.next()).value).toMatchObject({ data: { jobUpdated: { id, status: 'RUNNING' } } });
    const other = await app.engine.startWorkflow('welcome', { name: 'Ada' });
    for await (const { data } of stream) {
      if (data!.jobUpdated.id === other.id && data!.jobUpdated.status === 'COMPLETED') break;
    }
    app.gate.open();
  });
});

describe('each pushed item', () => {
  it('is read anew, so that nested fields are as new as the item', async () => {
    const id = await waitingJob();
    const query = 'subscription ($id: ID!) { jobUpdated(jobId: $id) { status tasks { nodes { key status } } objective { status } } }';
    let last: unknown;
    for await (const { data } of watch<Record<string, unknown>>(app.socketUrl, query, { id })) {
      last = data;
      app.gate.open();
    }
    expect(last).toEqual({
      jobUpdated: {
        status: 'COMPLETED',
        objective: { status: 'COMPLETED' },
        tasks: { nodes: ['objective', 'a', 'b'].map((key) => ({ key, status: 'COMPLETED' })) },
      },
    });
  });
});

describe('a subscription without a field', () => {
  it.each([
    'subscription ($id: ID!) { jobEvents(jobId: $id) @skip(if: true) { seq } }',
    'subscription ($id: ID!, $no: Boolean = false) { ... @include(if: $no) { jobEvents(jobId: $id) { seq } } }',
    'subscription ($id: ID!) { ...F } fragment F on Subscription { jobEvents(jobId: $id) @include(if: false) { seq } }',
  ])('is refused, and its socket lives: %s', async (query) => {
    const id = await runWelcome(app.engine);
    const socket = socketClient(app.socketUrl);
    const refused = (): Promise<unknown> => socket.iterate({ query, variables: { id } }).next();
    const watching = socket.iterate({ query: TASKS, variables: { id: await waitingJob() } });
    await watching.next();
    await expect(refused()).rejects.toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
    expect((await watching.next()).done).toBe(false);
    app.gate.open();
  });
});

describe('queries and mutations', () => {
  it('are answered over the same socket', async () => {
    const client = socketClient(app.socketUrl);
    const { value } = await client
      .iterate<{ startWorkflow: { id: string } }>({ query: 'mutation { startWorkflow(name: "welcome", input: { name: "Ada" }) { id } }' })
      .next();
    const { id } = (value as { data: { startWorkflow: { id: string } } }).data.startWorkflow;
    await ended(app.engine, id);
    expect(await dataOf(app.url, 'query ($id: ID!) { job(id: $id) { status } }', { id })).toEqual({ job: { status: 'COMPLETED' } });
  });
});
