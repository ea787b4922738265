import { afterEach, describe, expect, it } from '@jest/globals';
import { TaskloomClient } from '@taskloom/client';
import { VirtualClock } from '@taskloom/core/testing';
import type { TaskloomModuleOptions } from '@taskloom/nest';
import { WebSocket } from 'ws';

import { CuttingProxy } from './support/cutting-proxy.js';
import { removeStores, startWatchedApp, storePath, type WatchedApp } from './support/watched-app.js';

/*
 * `pnpm --filter @taskloom/example-server reconnects` with TASKLOOM_RECONNECTS=1000 TASKLOOM_RECONNECT_EVENTS=100000 is the
 * full campaign; without them it is as short as a test should be.
 */
// oxlint-disable-next-line node/no-process-env -- the size of a campaign is given from outside
const { TASKLOOM_RECONNECTS = '40', TASKLOOM_RECONNECT_EVENTS = '4000' } = process.env;
const RECONNECTS = Number(TASKLOOM_RECONNECTS);
const EVENTS = Number(TASKLOOM_RECONNECT_EVENTS);

const stopping: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stopping.splice(0).reverse()) await stop();
  await removeStores();
});

async function start(path: string, port = 0, options: TaskloomModuleOptions = {}): Promise<WatchedApp> {
  const watched = await startWatchedApp(path, port, options);
  stopping.push(() => watched.app.close());
  return watched;
}

function clientOf(url: string, transport: 'websocket' | 'sse', onRetry: () => void = () => {}): TaskloomClient {
  const client = new TaskloomClient({
    url,
    transport,
    WebSocket,
    onRetry,
    retryWait: () => new Promise((resolve) => setImmediate(resolve)),
  });
  stopping.push(() => client.dispose());
  return client;
}

describe.each(['websocket', 'sse'] as const)('a watcher over %s', (transport) => {
  it(
    `whose connection is cut ${RECONNECTS} times hears each of ${EVENTS} events once, in order`,
    async () => {
      const { engine, port, gate } = await start(await storePath());
      const proxy = new CuttingProxy(port);
      stopping.push(() => proxy.close());
      // Every task has two events. The gate keeps some back until the last cut was noticed: who has heard everything has no need to.
      const ticks = Array.from({ length: EVENTS / 2 }, (_, index) => ({ key: `t${index}`, agent: 'tick', input: {} }));
      const { id } = await engine.submitJob({ name: 'busy', tasks: [...ticks, { key: 'gate', agent: 'gate', input: {} }] });
      let reconnects = 0;
      const client = clientOf(`http://127.0.0.1:${await proxy.listen()}/graphql`, transport, () => {
        reconnects += 1;
        if (reconnects === RECONNECTS) gate.open();
      });

      const every = Math.floor(EVENTS / (RECONNECTS + 1));
      let nextCut = every;
      let expected = 1;
      let wrong = 0;
      let last = '';
      for await (const event of client.jobEvents(id)) {
        if (event.seq !== expected) wrong += 1;
        expected = event.seq + 1;
        last = event.type;
        // One cut after another: what comes while the client connects again could not be told from the one before.
        if (event.seq < nextCut || proxy.cuts === RECONNECTS || reconnects < proxy.cuts) continue;
        nextCut += every;
        proxy.cut();
      }

      const { lastSeq } = (await engine.reader.job(id))!;
      expect({ wrong, last, heard: expected - 1 }).toEqual({ wrong: 0, last: 'JOB_COMPLETED', heard: lastSeq });
      expect(lastSeq).toBeGreaterThan(EVENTS);
      expect(proxy.cuts).toBe(RECONNECTS);
      expect(reconnects).toBeGreaterThanOrEqual(RECONNECTS);
    },
    RECONNECTS * 1_000 + 60_000,
  );

  it('goes on where it stood when the server has been restarted', async () => {
    const path = await storePath();
    const before = await start(path);
    const { id } = await before.engine.submitJob({
      name: 'long',
      tasks: [
        { key: 'a', agent: 'tick', input: {} },
        { key: 'gate', agent: 'gate', input: {}, dependsOn: ['a'] },
        { key: 'b', agent: 'tick', input: {}, dependsOn: ['gate'] },
      ],
    });
    await before.gate.reached;

    const seen: { seq: number; type: string }[] = [];
    let isDown: () => void;
    const down = new Promise<void>((resolve) => (isDown = resolve));
    const client = clientOf(before.url, transport, () => isDown());
    const watching = (async () => {
      for await (const { seq, type } of client.jobEvents(id)) seen.push({ seq, type });
    })();
    const states = (async () => {
      const all: string[] = [];
      for await (const { status } of client.jobUpdates(id)) all.push(status);
      return all;
    })();
    const result = client.result(id);
    await client.job(id);
    await before.app.close();
    await down;

    const after = await start(path, before.port);
    await after.gate.reached;
    after.gate.open();
    await watching;
    const { lastSeq } = (await after.engine.reader.job(id))!;
    expect(seen.map(({ seq }) => seq)).toEqual(Array.from({ length: lastSeq }, (_, index) => index + 1));
    expect(seen.map(({ type }) => type)).toContain('TASK_ABANDONED');
    expect((await states).at(-1)).toBe('COMPLETED');
    await expect(result).resolves.toBeDefined();
  }, 30_000);

  it('that comes back when the job was deleted is told so, and does not try again', async () => {
    const clock = new VirtualClock();
    const { engine, url } = await start(await storePath(), 0, { clock, retention: '1d' });
    const { id } = await engine.submitJob({ name: 'short', tasks: [{ key: 'a', agent: 'tick', input: {} }] });
    let retries = 0;
    const client = clientOf(url, transport, () => (retries += 1));
    const seen: number[] = [];
    for await (const { seq } of client.jobEvents(id)) seen.push(seq);
    await clock.advance(2 * 86_400_000);
    while ((await engine.reader.job(id)) !== null) await clock.advance(0);

    const rest = client.jobEvents(id, { afterSeq: seen.at(-2)! });
    await expect(rest.next()).rejects.toMatchObject({ name: 'ApiResponseError', code: 'CURSOR_EXPIRED', details: { jobId: id } });
    expect(retries).toBe(0);
  });
});
