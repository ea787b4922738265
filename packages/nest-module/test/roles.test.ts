import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';

import { ask, dataOf } from './support/ask.js';
import { TestProcess } from './support/child-process.js';
import { hasPostgres, PostgresServer } from './support/postgres-server.js';
import { closeSockets, watch } from './support/watch.js';

interface Told {
  readonly started?: true;
  readonly port?: number;
  readonly running?: string;
  readonly aborted?: string;
}

type Part = TestProcess<Told>;

interface Event {
  readonly seq: number;
  readonly type: string;
  readonly taskKey: string | null;
  readonly engine: { readonly id: string; readonly name: string };
}

const EVENTS = 'subscription ($id: ID!) { jobEvents(jobId: $id) { seq type taskKey engine { id name } } }';

(hasPostgres ? describe : describe.skip)('an API and a worker in processes of their own, on one PostgreSQL', () => {
  let server: PostgresServer;
  const parts: Part[] = [];
  beforeAll(async () => {
    server = await PostgresServer.start();
  }, 120_000);
  afterEach(async () => {
    await closeSockets();
    await Promise.all(parts.splice(0).map((part) => part.end('SIGKILL')));
  });
  afterAll(() => server.destroy());

  const begin = async (role: 'api' | 'worker', schema: string): Promise<Part> => {
    const part: Part = new TestProcess('./role-process.mjs', { role, store: { type: 'postgres', url: server.url, schema, lease: '2s' } });
    parts.push(part);
    await part.tells({ started: true });
    return part;
  };
  const beginApi = async (schema: string): Promise<{ readonly api: Part; readonly url: string; readonly socketUrl: string }> => {
    const api = await begin('api', schema);
    const { port } = await api.tells({ started: true });
    return { api, url: `http://127.0.0.1:${port}/graphql`, socketUrl: `ws://127.0.0.1:${port}/graphql` };
  };
  const submit = async (url: string, tasks: string): Promise<string> => {
    const { submitJob } = await dataOf<{ submitJob: { id: string } }>(
      url,
      `mutation { submitJob(job: { name: "parted", tasks: ${tasks} }) { id } }`,
    );
    return submitJob.id;
  };

  it('do one job together: submitted, watched, answered here, run there, also when a worker is killed in the middle', async () => {
    // The API begins alone: nothing runs, and nothing is lost.
    const { url, socketUrl } = await beginApi('together');
    const id = await submit(
      url,
      `[{ key: "a", agent: "echo", input: 1 }, { key: "b", agent: "hold", dependsOn: [{ task: "a" }] }, { key: "c", agent: "ask", dependsOn: [{ task: "b" }] }]`,
    );
    const stream = watch<{ jobEvents: Event }>(socketUrl, EVENTS, { id });
    const seen: Event[] = [];
    const until = async (type: string, taskKey: string | null): Promise<void> => {
      for (;;) {
        const { value, done } = await stream.next();
        if (done) throw new Error(`it ended before ${type} of ${taskKey}`);
        const event = (value as { data: { jobEvents: Event } }).data.jobEvents;
        seen.push(event);
        if (event.type === type && event.taskKey === taskKey) return;
      }
    };
    await until('JOB_SUBMITTED', null);
    expect(await dataOf(url, `{ task(id: "${id}:2") { key status why { code } } }`)).toEqual({
      task: { key: 'b', status: 'PENDING', why: { code: 'WAITING_DEPENDENCIES' } },
    });

    const first = await begin('worker', 'together');
    await first.tells({ running: 'b' });
    await until('TASK_STARTED', 'b');
    await first.end('SIGKILL');
    const second = await begin('worker', 'together');
    await second.tells({ running: 'b' });
    await until('TASK_ABANDONED', 'b');
    second.send({ release: true });
    await until('HUMAN_REQUESTED', 'c');

    const { humanRequests } = await dataOf<{ humanRequests: { id: string; question: string }[] }>(
      url,
      `{ humanRequests(jobId: "${id}") { id question } }`,
    );
    expect(humanRequests.map(({ question }) => question)).toEqual(['Which color?']);
    await dataOf(url, `mutation { answerHumanRequest(id: "${humanRequests[0]!.id}", answer: "blue") { id } }`);
    await until('JOB_COMPLETED', null);
    expect((await stream.next()).done).toBe(true);
    expect(seen.map(({ seq }) => seq)).toEqual(seen.map((_, index) => index + 1));
    // Each event says which of the three wrote it.
    const writersOf = (wanted: string, key: string | null): readonly string[] =>
      seen.filter(({ type, taskKey }) => type === wanted && taskKey === key).map(({ engine }) => engine.name);
    expect(writersOf('JOB_SUBMITTED', null)).toEqual(['api']);
    expect(writersOf('HUMAN_ANSWERED', 'c')).toEqual(['api']);
    expect(writersOf('JOB_COMPLETED', null)).toEqual(['worker']);
    const [dead, next] = seen.filter(({ type, taskKey }) => type === 'TASK_STARTED' && taskKey === 'b').map(({ engine }) => engine);
    expect([dead!.name, next!.name, dead!.id === next!.id]).toEqual(['worker', 'worker', false]);
    expect(new Set(seen.map(({ engine }) => engine.id)).size).toBe(3);
    const { job } = await dataOf(url, `{ job(id: "${id}") { status success tasks { nodes { key status output } } } }`);
    expect(job).toMatchObject({ status: 'COMPLETED', success: true });
    expect(JSON.stringify(job)).toContain('"key":"c","status":"COMPLETED","output":{"timedOut":false,"answer":"blue"');
    // Asked to, a worker ends, however many watch at the API.
    await second.end('SIGTERM');
  }, 120_000);

  it('cancel there what is cancelled here, and say of each what only the other knows', async () => {
    const worker = await begin('worker', 'apart');
    const { url } = await beginApi('apart');
    const id = await submit(url, '[{ key: "b", agent: "hold" }]');
    await worker.tells({ running: 'b' });
    await dataOf(url, `mutation { cancelJob(id: "${id}", reason: "changed my mind") { id } }`);
    await worker.tells({ aborted: 'b' });
    expect(await dataOf(url, `{ job(id: "${id}") { status } }`)).toEqual({ job: { status: 'CANCELLED' } });

    expect(await dataOf(url, '{ overview { jobs { total } limits { name } } }')).toMatchObject({ overview: { limits: null } });
    const { errors } = await ask(url, '{ metrics { queueDepth } }');
    expect(errors[0]?.extensions.code).toBe('RUNS_NO_TASKS');
  }, 120_000);
});
