import { randomUUID } from 'node:crypto';

import { afterEach, describe, expect, it } from '@jest/globals';
import type { WebSocketServer } from 'ws';

import { ApiServer } from '../src/server/api-server.js';
import { ended } from './support/jobs.js';
import { RawSocket } from './support/raw-socket.js';
import { startApp, stopApps, type TestApp } from './support/start-app.js';
import { all, closeSockets } from './support/watch.js';

afterEach(async () => {
  await closeSockets();
  await stopApps();
});

// What the kernel buffers on its own (megabytes on loopback) must be small beside what the job has to tell.
const REPEATED = Array.from({ length: 15 }, (_, index) => `k${index}: taskKey`).join(' ');
const EVENTS = `subscription ($id: ID!, $afterSeq: Int) { jobEvents(jobId: $id, afterSeq: $afterSeq) { seq ${REPEATED} } }`;
const QUEUED_BYTES = 100_000;

type Next = { readonly payload: { readonly data: { readonly jobEvents: { readonly seq: number } } } };

/** A server that gives up early, and a job with much to tell. */
async function start(): Promise<{ readonly app: TestApp; readonly id: string; readonly lastSeq: number }> {
  const app = await startApp({ taskloom: { api: { limits: { queuedBytes: QUEUED_BYTES, stalledReaderMs: 300 } } } });
  const tasks = Array.from({ length: 2_000 }, (_, index) => ({
    key: `task-${index}-${'k'.repeat(180)}`,
    agent: 'greet',
    input: { name: 'x' },
  }));
  const { id } = await app.engine.submitJob({ name: 'busy', tasks });
  await ended(app.engine, id);
  return { app, id, lastSeq: (await app.engine.reader.job(id))!.lastSeq };
}

/** The events that an operation was told of. */
function seen(socket: RawSocket, operation: string): readonly number[] {
  return socket.received
    .filter(({ type, id }) => type === 'next' && id === operation)
    .map((message) => (message as unknown as Next).payload.data.jobEvents.seq);
}

describe('a subscriber that does not read', () => {
  it('W6: is closed when enough waits for it, told from where to resume, and misses nothing then', async () => {
    const { app, id, lastSeq } = await start();
    const lazy = await RawSocket.open(app.socketUrl);
    await lazy.init();
    const first = lazy.next('next');
    lazy.send({ id: 'a', type: 'subscribe', payload: { query: EVENTS, variables: { id, afterSeq: 0 } } });
    await first;
    lazy.socket.pause();
    expect(await mostQueuedUntilClosing(app)).toBeLessThanOrEqual(QUEUED_BYTES + 200);
    // Only now it reads what was already on its way.
    lazy.socket.resume();

    const { code, reason } = await lazy.closed;
    expect(code).toBe(4413);
    const resume = Number(/^SLOW_READER: resume with afterSeq=(\d+)$/.exec(reason)?.[1]);
    expect(seen(lazy, 'a').at(-1)).toBe(resume);
    expect(resume).toBeLessThan(lastSeq);

    const rest = await all<{ jobEvents: { seq: number } }>(app.socketUrl, EVENTS, { id, afterSeq: resume });
    expect([...seen(lazy, 'a'), ...rest.map(({ jobEvents }) => jobEvents.seq)]).toEqual(
      Array.from({ length: lastSeq }, (_, index) => index + 1),
    );
  }, 60_000);

  it('W6: with three subscriptions is told of as many as a close reason has room for, in JSON that can be read', async () => {
    const { app, id } = await start();
    const lazy = await RawSocket.open(app.socketUrl);
    await lazy.init();
    const operations = Array.from({ length: 3 }, () => randomUUID());
    const firsts = operations.map((operation) => lazy.answerTo(operation));
    for (const operation of operations)
      lazy.send({ id: operation, type: 'subscribe', payload: { query: EVENTS, variables: { id, afterSeq: 0 } } });
    await Promise.all(firsts);
    lazy.socket.pause();
    await mostQueuedUntilClosing(app);
    lazy.socket.resume();

    const { code, reason } = await lazy.closed;
    expect(code).toBe(4413);
    expect(Buffer.byteLength(reason)).toBeLessThanOrEqual(123);
    const told = Object.entries(JSON.parse(reason.replace('SLOW_READER: resume with afterSeq ', '')) as Record<string, number>);
    expect(told.length).toBe(2);
    for (const [operation, seq] of told) expect(seen(lazy, operation).at(-1)).toBe(seq);
  }, 60_000);
});

/** The most bytes that waited in the server for its only client until it gave the client up. */
async function mostQueuedUntilClosing({ app }: TestApp): Promise<number> {
  const { server } = app.get<unknown, { sockets: { server: WebSocketServer } }>(ApiServer).sockets;
  const [socket] = server.clients;
  let most = 0;
  while (socket!.readyState === socket!.OPEN) {
    most = Math.max(most, socket!.bufferedAmount);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return most;
}
