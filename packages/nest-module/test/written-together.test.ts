import { Socket } from 'node:net';

import { afterEach, describe, expect, it, jest } from '@jest/globals';

import { ended } from './support/jobs.js';
import { RawSocket } from './support/raw-socket.js';
import { startApp, stopApps } from './support/start-app.js';

afterEach(async () => {
  jest.restoreAllMocks();
  await stopApps();
});

const EVENTS = 'subscription ($id: ID!) { jobEvents(jobId: $id) { seq } }';

describe('the events of a job', () => {
  it('are messages of their own and are written to a socket many at a time', async () => {
    const { engine, socketUrl } = await startApp();
    const tasks = Array.from({ length: 300 }, (_, index) => ({ key: `t${index}`, agent: 'greet', input: { name: 'x' } }));
    const { id } = await engine.submitJob({ name: 'many', tasks });
    await ended(engine, id);
    const { lastSeq } = (await engine.reader.job(id))!;

    const socket = await RawSocket.open(socketUrl);
    await socket.init();
    // Each call is one of the system; the client in this process writes only when it subscribes.
    const writes = [jest.spyOn(Socket.prototype, '_write'), jest.spyOn(Socket.prototype, '_writev' as '_write')];
    const complete = socket.next('complete');
    socket.send({ id: 'a', type: 'subscribe', payload: { query: EVENTS, variables: { id } } });
    await complete;

    expect(socket.received.filter(({ type }) => type === 'next')).toHaveLength(lastSeq);
    const written = writes.reduce((sum, { mock }) => sum + mock.calls.length, 0);
    expect(written).toBeLessThan(lastSeq / 4);
    expect(written).toBeGreaterThan(0);
  });
});
