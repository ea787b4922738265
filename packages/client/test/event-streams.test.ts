import type { ServerResponse } from 'node:http';

import { afterEach, describe, expect, it } from '@jest/globals';

import { TaskloomClient, type TaskloomClientOptions } from '../src/index.js';
import { closeFakeServers, fakeServer } from './support/fake-server.js';

afterEach(closeFakeServers);

const STREAM = { 'content-type': 'text/event-stream; charset=utf-8' };
const next = (data: object): string => `event: next\ndata: ${JSON.stringify({ data })}\n\n`;
const event = (seq: number): string => next({ jobEvents: { seq } });
const jobState = (status: string): string => next({ jobUpdated: { status } });
const COMPLETE = 'event: complete\ndata: \n\n';

function clientOf(url: string, options: Partial<TaskloomClientOptions> = {}): TaskloomClient {
  return new TaskloomClient({ url, transport: 'sse', retryWait: async () => {}, ...options });
}

async function seqsOf(client: TaskloomClient): Promise<number[]> {
  const seen: number[] = [];
  for await (const { seq } of client.jobEvents('job')) seen.push(seq);
  return seen;
}

describe('a stream over Server-Sent Events', () => {
  it('goes on from its cursor on the next connection when one breaks off', async () => {
    const { url, asked } = await fakeServer((response, nth) => {
      response
        .writeHead(200, STREAM)
        .write(event(nth * 2 - 1) + event(nth * 2), () => (nth < 3 ? response.destroy() : response.end(COMPLETE)));
    });
    expect(await seqsOf(clientOf(url))).toEqual([1, 2, 3, 4, 5, 6]);
    expect(asked.map(({ body }) => (JSON.parse(body) as { variables: { afterSeq: number } }).variables.afterSeq)).toEqual([0, 2, 4]);
  });

  it('takes a connection over which nothing comes any more for lost, and one with signs of life for alive', async () => {
    const silent: ServerResponse[] = [];
    const { url } = await fakeServer((response, nth) => {
      response.writeHead(200, STREAM).write(event(nth));
      if (nth === 1) silent.push(response);
      else breathe(response, 6, () => response.end(event(3) + COMPLETE));
    });
    const lost: unknown[] = [];
    expect(await seqsOf(clientOf(url, { silenceTimeoutMs: 200, onRetry: ({ cause }) => lost.push(cause) }))).toEqual([1, 2, 3]);
    expect(lost).toEqual([expect.objectContaining({ message: 'nothing came for 200 ms' })]);
    expect(silent[0]!.destroyed).toBe(true);
  });

  it.each([
    [
      'the API refuses, with its code',
      403,
      { errors: [{ message: 'no', extensions: { code: 'AUTH_REQUIRED' } }] },
      { code: 'AUTH_REQUIRED', status: 403 },
    ],
    ["an application's guard refuses", 401, { statusCode: 401 }, { name: 'ConnectionError', code: 401 }],
    ['another server gives', 200, { hello: 'world' }, { name: 'ConnectionError', code: 200 }],
    ['is an answer but no stream', 200, { data: { jobEvents: null } }, { name: 'ConnectionError', code: 200 }],
  ])('gives up for what %s', async (_what, status, answer, error) => {
    const { url, asked } = await fakeServer((response) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer)),
    );
    await expect(seqsOf(clientOf(url))).rejects.toMatchObject(error);
    expect(asked).toHaveLength(1);
  });

  it('goes on while a proxy is in trouble', async () => {
    const { url } = await fakeServer((response, nth) =>
      nth < 3 ? response.writeHead(503).end('<html>') : response.writeHead(200, STREAM).end(event(1) + COMPLETE),
    );
    expect(await seqsOf(clientOf(url))).toEqual([1]);
  });

  it('leaves at once when it is told to, also while it waits to connect again', async () => {
    const { url } = await fakeServer((response) => response.writeHead(503).end());
    const leaving = new AbortController();
    const client = clientOf(url, { retryWait: () => new Promise(() => {}), onRetry: () => queueMicrotask(() => leaving.abort()) });
    for await (const state of client.jobUpdates('job', { signal: leaving.signal })) throw new Error(`unexpected ${state.status}`);
  });

  it.each([
    ['is left', event(1)],
    ['has ended', event(1) + COMPLETE],
  ])('closes its connection when it %s, even where fetch has forgotten its signal', async (_what, text) => {
    let close!: () => void;
    const closed = new Promise<void>((resolve) => (close = resolve));
    const body = new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode(text)), cancel: close });
    const client = clientOf('http://127.0.0.1/graphql', { fetch: async () => new Response(body, { headers: STREAM }) });
    for await (const { seq } of client.jobEvents('job')) if (seq === 1 && !text.includes(COMPLETE)) break;
    await closed;
  });

  it('ends all its streams when the client is disposed of, and can be used again', async () => {
    const { url } = await fakeServer((response, nth) => response.writeHead(200, STREAM).write(event(nth) + (nth > 1 ? COMPLETE : '')));
    const client = clientOf(url);
    const first: number[] = [];
    for await (const { seq } of client.jobEvents('job')) {
      first.push(seq);
      await client.dispose();
    }
    expect([first, await seqsOf(client)]).toEqual([[1], [2]]);
  });
});

describe('a client that is disposed of', () => {
  it('ends streams that wait to connect again, too', async () => {
    const { url } = await fakeServer((response) => response.writeHead(503).end());
    const client = clientOf(url, { retryWait: () => new Promise(() => {}), onRetry: () => queueMicrotask(() => void client.dispose()) });
    expect(await seqsOf(client)).toEqual([]);
  });
});

describe('the result of a job', () => {
  it('is read again when the connection is lost just then', async () => {
    const { url, asked } = await fakeServer((response, nth, { headers }) => {
      if (headers.accept === 'text/event-stream') response.writeHead(200, STREAM).end(jobState('RUNNING') + jobState('COMPLETED'));
      else if (nth < 4) response.destroy();
      else response.end('{"data":{"jobOutput":{"output":{"lines":7}}}}');
    });
    expect(await clientOf(url).result('job')).toEqual({ lines: 7 });
    expect(asked).toHaveLength(4);
  });

  it('is an error where the job is gone meanwhile', async () => {
    const { url } = await fakeServer((response, _nth, { headers }) => {
      if (headers.accept === 'text/event-stream') response.writeHead(200, STREAM).end(jobState('COMPLETED'));
      else response.end('{"data":{"jobOutput":null}}');
    });
    await expect(clientOf(url).result('job')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

/** Sends signs of life, then does what comes after. */
function breathe(response: ServerResponse, times: number, then: () => void): void {
  if (times === 0) return then();
  setTimeout(() => {
    response.write(':\n\n');
    breathe(response, times - 1, then);
  }, 50);
}
