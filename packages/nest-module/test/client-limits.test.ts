import { afterEach, describe, expect, it } from '@jest/globals';

import { ask } from './support/ask.js';
import { post } from './support/raw-http.js';
import { RawSocket } from './support/raw-socket.js';
import { startApp, stopApps } from './support/start-app.js';

afterEach(stopApps);

const QUERY = '{ workflows { name } }';
const subscribe = (id: string) => ({ id, type: 'subscribe', payload: { query: 'subscription { jobUpdated { id } }' } });

describe('operations in a second', () => {
  it('are 100 for one client', async () => {
    const { socketUrl } = await startApp({ taskloom: { api: { limits: { messagesPerSecond: 1_000, subscriptionsPerSocket: 1_000 } } } });
    const socket = await RawSocket.open(socketUrl);
    await socket.init();
    // All of them in one moment: over HTTP, a busy machine takes longer than a second for so many.
    const ids = Array.from({ length: 101 }, (_, index) => String(index));
    const answers = Promise.all(ids.map((id) => socket.answerTo(id)));
    for (const id of ids) socket.send({ id, type: 'subscribe', payload: { query: QUERY } });
    const refused = (await answers).filter(({ type }) => type === 'error');
    expect(refused).toMatchObject([
      {
        id: '100',
        payload: [{ extensions: { code: 'RATE_LIMITED', details: { limit: 100, setting: 'api.limits.operationsPerSecond' } } }],
      },
    ]);
  });

  it('beyond what is allowed are told when to come again', async () => {
    const { url } = await startApp({ taskloom: { api: { limits: { operationsPerSecond: 1 } } } });
    const answers = await Promise.all([post(url, QUERY), post(url, QUERY), post(url, QUERY)]);
    const [refused] = answers.filter(({ status }) => status !== 200);
    expect(refused).toMatchObject({ status: 429, headers: { 'retry-after': '1' } });
    expect(refused!.json()).toMatchObject({
      errors: [{ extensions: { code: 'RATE_LIMITED', details: { limit: 1, retryAfterMs: expect.any(Number) } } }],
    });
  });

  it('are counted over HTTP and WebSocket together, for each caller by name', async () => {
    const { url, socketUrl } = await startApp({
      taskloom: { api: { authorize: ({ headers }) => ({ name: headers.authorization ?? 'ada' }), limits: { operationsPerSecond: 2 } } },
    });
    const socket = await RawSocket.open(socketUrl);
    await socket.init();
    const [first] = await Promise.all([
      socket.answerTo('1'),
      post(url, QUERY, { authorization: 'ada' }),
      socket.send({ id: '1', type: 'subscribe', payload: { query: QUERY } }),
    ]);
    expect(first).toMatchObject({ type: 'next' });
    const refused = socket.answerTo('2');
    socket.send({ id: '2', type: 'subscribe', payload: { query: QUERY } });
    expect(await refused).toMatchObject({ type: 'error', payload: [{ extensions: { code: 'RATE_LIMITED' } }] });
    expect((await post(url, QUERY, { authorization: 'bob' })).status).toBe(200);
  });
});

describe('subscriptions of one tenant', () => {
  it('are so many over all of its sockets, and a place is free again when one ends', async () => {
    const { socketUrl } = await startApp({ taskloom: { api: { limits: { subscriptionsPerTenant: 2 } } } });
    const [one, two] = [await RawSocket.open(socketUrl), await RawSocket.open(socketUrl)];
    await one.init();
    await two.init();
    one.send(subscribe('1'));
    one.send(subscribe('2'));
    const answered = one.answerTo('3');
    one.send({ id: '3', type: 'subscribe', payload: { query: QUERY } });
    await answered;
    const refused = two.answerTo('1');
    two.send(subscribe('1'));
    // An error that was found while subscribing comes as the subscription's only result.
    expect(JSON.stringify(await refused)).toContain('"code":"SUBSCRIPTION_LIMIT"');
    one.send({ id: '1', type: 'complete' });
    const query = one.answerTo('4');
    one.send({ id: '4', type: 'subscribe', payload: { query: QUERY } });
    await query;
    two.send(subscribe('2'));
    const alive = two.answerTo('3');
    two.send({ id: '3', type: 'subscribe', payload: { query: QUERY } });
    await alive;
    expect(two.received.filter(({ id }) => id === '2')).toEqual([]);
  });
});

describe('WebSockets of one tenant', () => {
  it('W5: are so many; the next is closed with 4429 when it introduces itself', async () => {
    const { socketUrl } = await startApp({ taskloom: { api: { limits: { socketsPerTenant: 1 } } } });
    const first = await RawSocket.open(socketUrl);
    await first.init();
    const second = await RawSocket.open(socketUrl);
    second.send({ type: 'connection_init' });
    expect(await second.closed).toEqual({ code: 4429, reason: 'SUBSCRIPTION_LIMIT' });
    first.socket.close();
    await first.closed;
    const third = await RawSocket.open(socketUrl);
    await third.init();
  });

  it('do not count for queries', async () => {
    const { url } = await startApp({ taskloom: { api: { limits: { socketsPerTenant: 1, subscriptionsPerTenant: 1 } } } });
    expect((await ask(url, QUERY)).status).toBe(200);
  });
});
