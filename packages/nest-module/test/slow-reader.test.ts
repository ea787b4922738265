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

describe('a subscriber that does not read', () => {
  it('W6: is closed when enough waits for it, told from where to resume, and misses nothing then', async () => {
    const app = await startApp({ taskloom: { api: { limits: { queuedBytes: QUEUED_BYTES, stalledReaderMs: 300 } } } });
    const { engine, socketUrl } = app;
    const tasks = Array.from({ length: 2_000 }, (_, index) => ({
      key: `task-${index}-${'k'.repeat(180)}`,
      agent: 'greet',
      input: { name: 'x' },
    }));
    const { id } = await engine.submitJob({ name: 'busy', tasks });
    await ended(engine, id);
    const { lastSeq } = (await engine.reader.job(id))!;

    const lazy = await RawSocket.open(socketUrl);
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
    const seen = lazy.received
      .filter(({ type }) => type === 'next')
      .map(({ payload }) => (payload as { data: { jobEvents: { seq: number } } }).data.jobEvents.seq);
    expect(seen.at(-1)).toBe(resume);
    expect(resume).toBeLessThan(lastSeq);

    const rest = await all<{ jobEvents: { seq: number } }>(socketUrl, EVENTS, { id, afterSeq: resume });
    expect([...seen, ...rest.map(({ jobEvents }) => jobEvents.seq)]).toEqual(Array.from({ length: lastSeq }, (_, index) => index + 1));
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
