import { request, type IncomingMessage } from 'node:http';
import { finished } from 'node:stream/promises';

import { afterEach, describe, expect, it } from '@jest/globals';
import { createClient } from 'graphql-sse';
import type { GraphQLFormattedError } from 'graphql';

import { ended, runWelcome } from './support/jobs.js';
import { rawHttp } from './support/raw-http.js';
import { startApp, stopApps, type TestApp } from './support/start-app.js';

const stopping: (() => void)[] = [];
afterEach(async () => {
  for (const stop of stopping.splice(0)) stop();
  await stopApps();
});

const EVENTS = 'subscription ($id: ID!, $afterSeq: Int) { jobEvents(jobId: $id, afterSeq: $afterSeq) { seq type } }';
interface Result<Data> {
  readonly data?: Data | null | undefined;
  readonly errors?: readonly GraphQLFormattedError[] | undefined;
}
interface Events {
  jobEvents: { seq: number; type: string };
}

/** As users of graphql-sse would. */
function sse<Data>(
  url: string,
  query: string,
  variables: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): AsyncIterableIterator<Result<Data>> {
  const client = createClient({ url, retryAttempts: 0, headers });
  stopping.push(() => client.dispose());
  return client.iterate<Data, unknown>({ query, variables }) as AsyncIterableIterator<Result<Data>>;
}

async function all<Data>(stream: AsyncIterable<Result<Data>>): Promise<Data[]> {
  const seen: Data[] = [];
  for await (const { data, errors } of stream) {
    if (errors) throw new Error(JSON.stringify(errors));
    seen.push(data!);
  }
  return seen;
}

/** The stream as it is on the wire. */
function rawStream(url: string, query: string, variables: object = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method: 'POST', headers: { accept: 'text/event-stream', 'content-type': 'application/json' }, agent: false },
      resolve,
    );
    sent.on('error', reject);
    sent.end(JSON.stringify({ query, variables }));
    stopping.push(() => sent.destroy());
  });
}

/** How fetch, and graphql-sse on top of it, tell that a connection broke. */
const BROKEN_OFF = /terminated|closed|network|socket/i;

describe('a subscription over Server-Sent Events', () => {
  it('gives what it gives over a WebSocket: history, then what happens, and an end', async () => {
    const { url, engine, gate } = await startApp();
    const { id } = await engine.submitJob({ name: 'long', tasks: [{ key: 'a', agent: 'wait', input: {} }] });
    await gate.reached;
    const seen: number[] = [];
    for await (const { data } of sse<Events>(url, EVENTS, { id })) {
      seen.push(data!.jobEvents.seq);
      if (data!.jobEvents.type === 'TASK_STARTED') gate.open();
    }
    const { lastSeq } = (await engine.reader.job(id))!;
    expect(seen).toEqual(Array.from({ length: lastSeq }, (_, index) => index + 1));
    expect(await all(sse<Events>(url, EVENTS, { id, afterSeq: lastSeq - 1 }))).toMatchObject([{ jobEvents: { type: 'JOB_COMPLETED' } }]);
  });

  it("numbers its messages with the event's `seq`", async () => {
    const { url, engine } = await startApp();
    const id = await runWelcome(engine);
    const stream = await rawStream(url, EVENTS, { id, afterSeq: 0 });
    expect(stream.headers['content-type']).toContain('text/event-stream');
    let text = '';
    for await (const chunk of stream) text += String(chunk);
    expect(text).toMatch(/^:\n\nid: 1\nevent: next\ndata: \{"data":\{"jobEvents":\{"seq":1,"type":"JOB_SUBMITTED"\}\}\}\n\n/);
    expect(text).toMatch(/event: complete\ndata: \n\n$/);
  });

  it('answers queries and mutations too', async () => {
    const { url } = await startApp();
    expect(await all(sse(url, '{ workflows { name } }'))).toEqual([{ workflows: [{ name: 'welcome' }] }]);
  });

  it('is given to whoever takes JSON as well: a query as JSON, a subscription as a stream, by the operation that is named', async () => {
    const { url, engine } = await startApp();
    const id = await runWelcome(engine);
    const headers = { accept: 'application/json, text/event-stream', 'content-type': 'application/json' };
    const query = `query List { workflows { name } } subscription Watch { jobEvents(jobId: "${id}") { type } }`;
    const send = (operationName?: string) => rawHttp(url, { method: 'POST', headers, body: JSON.stringify({ query, operationName }) });

    const listed = await send('List');
    expect(listed.headers['content-type']).toContain('application/json');
    expect(listed.json()).toEqual({ data: { workflows: [{ name: 'welcome' }] } });
    const watched = await send('Watch');
    expect(watched.headers['content-type']).toContain('text/event-stream');
    expect(watched.body).toContain('"type":"JOB_COMPLETED"');
    expect((await send()).json()).toMatchObject({ errors: [{ extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } }] });
  });

  it('tells what is wrong with an operation in the stream, with its code', async () => {
    const { url } = await startApp();
    const [wrong] = await results(sse(url, 'subscription { nonsense }'));
    expect(wrong).toMatchObject({ errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] });
    const [missing] = await results(sse(url, EVENTS, { id: 'none' }));
    expect(missing).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
  });

  it.each([
    ['by GET', { method: 'GET' }, 405, 'METHOD_NOT_ALLOWED'],
    ['as a form', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{}' }, 415, 'CONTENT_TYPE_REFUSED'],
    ['without a query', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"query":5}' }, 400, 'BAD_REQUEST'],
    ['as an array', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '[]' }, 400, 'BATCH_REFUSED'],
    [
      'too deep',
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: `{ task(id: "a:1") ${'{ parent '.repeat(15)}{ id }${'}'.repeat(15)} }` }),
      },
      400,
      'QUERY_TOO_DEEP',
    ],
  ])(
    'is refused %s, with a status and before anything is streamed',
    async (_what, options: { method: string; headers?: Record<string, string>; body?: string }, status, code) => {
      const { url } = await startApp();
      const answer = await rawHttp(url, { ...options, headers: { accept: 'text/event-stream', ...options.headers } });
      expect(answer.status).toBe(status);
      expect(answer.json()).toMatchObject({ errors: [{ extensions: { code } }] });
    },
  );

  it('is asked about like everything else, and broken off when its caller is not admitted any more', async () => {
    let admits = true;
    const app = await startApp({
      taskloom: { api: { authorize: ({ headers }) => admits && headers.authorization === 'ada', limits: { recheckMs: 20 } } },
    });
    await expect(all(sse(app.url, '{ workflows { name } }'))).rejects.toMatchObject({ message: expect.stringContaining('Forbidden') });
    const { stream } = await openStream(app, { authorization: 'ada' });
    admits = false;
    await expect(all(stream)).rejects.toThrow(BROKEN_OFF);
  });

  it('is broken off, and not ended, when the server stops', async () => {
    const app = await startApp({ taskloom: { shutdownGrace: 10 } });
    const { stream } = await openStream(app);
    const rest = all(stream);
    rest.catch(() => {});
    await app.app.close();
    await expect(rest).rejects.toThrow(BROKEN_OFF);
  });

  it('lets go of the engine when its reader leaves', async () => {
    const app = await startApp({ taskloom: { api: { limits: { subscriptionsPerTenant: 1, operationsPerSecond: ASKED_AGAIN } } } });
    const { stream } = await openStream(app);
    const [refused] = await results(sse(app.url, 'subscription { jobUpdated { id } }'));
    expect(refused).toMatchObject({
      errors: [{ extensions: { code: 'SUBSCRIPTION_LIMIT', details: { setting: 'api.limits.subscriptionsPerTenant' } } }],
    });
    await stream.return!();
    await freed(app);
  });

  it('is broken off when its reader takes nothing for too long; what was not taken stays in the log', async () => {
    const app = await startApp({
      taskloom: { api: { limits: { stalledReaderMs: 200, subscriptionsPerTenant: 1, operationsPerSecond: ASKED_AGAIN } } },
    });
    const tasks = Array.from({ length: 4_000 }, (_, index) => ({
      key: `task-${index}-${'k'.repeat(180)}`,
      agent: 'greet',
      input: { name: 'x' },
    }));
    const { id } = await app.engine.submitJob({ name: 'busy', tasks });
    await ended(app.engine, id);
    const repeated = Array.from({ length: 15 }, (_, index) => `k${index}: taskKey`).join(' ');
    const lazy = await rawStream(app.url, `subscription ($id: ID!) { jobEvents(jobId: $id) { seq ${repeated} } }`, { id });
    await freed(app);
    let text = '';
    lazy.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await expect(finished(lazy)).rejects.toThrow('aborted');
    expect(text).not.toContain('event: complete');
  }, 60_000);
});

async function results(stream: AsyncIterable<Result<unknown>>): Promise<Result<unknown>[]> {
  const seen: Result<unknown>[] = [];
  for await (const result of stream) seen.push(result);
  return seen;
}

/** A subscription that has begun and goes on. */
async function openStream(app: TestApp, headers: Record<string, string> = {}): Promise<{ stream: AsyncIterableIterator<Result<unknown>> }> {
  const { id } = await app.engine.submitJob({ name: 'long', tasks: [{ key: 'a', agent: 'wait', input: {} }] });
  stopping.push(() => app.gate.open());
  const stream = sse<unknown>(app.url, 'subscription ($id: ID!) { jobUpdated(jobId: $id) { id } }', { id }, headers);
  await stream.next();
  return { stream };
}

/** `freed` asks as fast as it is answered, which is no abuse here. */
const ASKED_AGAIN = 1_000_000;

/** Waits until the only place is free again: a refused subscription asks once more. */
async function freed(app: TestApp): Promise<void> {
  const id = await runWelcome(app.engine);
  const { lastSeq } = (await app.engine.reader.job(id))!;
  while ((await results(sse(app.url, EVENTS, { id, afterSeq: lastSeq }))).length > 0);
}
