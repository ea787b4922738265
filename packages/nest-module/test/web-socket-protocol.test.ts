import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

import { afterEach, describe, expect, it, jest } from '@jest/globals';

import { RawSocket } from './support/raw-socket.js';
import { startApp, stopApps } from './support/start-app.js';

afterEach(stopApps);

const WATCH = { type: 'subscribe', payload: { query: 'subscription { jobUpdated { id } }' } };

describe('a WebSocket', () => {
  it('W1: that does not introduce itself is closed with 4408', async () => {
    const { socketUrl } = await startApp({ taskloom: { api: { limits: { connectionInitTimeoutMs: 50 } } } });
    const socket = await RawSocket.open(socketUrl);
    expect(await socket.closed).toMatchObject({ code: 4408 });
  });

  it('W1: that subscribes before it is acknowledged is closed with 4401', async () => {
    const { socketUrl } = await startApp();
    const socket = await RawSocket.open(socketUrl);
    socket.send({ id: '1', ...WATCH });
    expect(await socket.closed).toMatchObject({ code: 4401 });
  });

  it('W1: that introduces itself twice is closed with 4429, that uses an id twice with 4409', async () => {
    const { socketUrl } = await startApp();
    const twice = await RawSocket.open(socketUrl);
    await twice.init();
    twice.send({ type: 'connection_init' });
    expect(await twice.closed).toMatchObject({ code: 4429 });

    const same = await RawSocket.open(socketUrl);
    await same.init();
    same.send({ id: '1', ...WATCH });
    same.send({ id: '1', ...WATCH });
    expect(await same.closed).toMatchObject({ code: 4409 });
  });

  it('W4: of the old protocol, or of none, is closed with 4406', async () => {
    const { socketUrl } = await startApp();
    for (const protocol of ['graphql-ws', 'chat']) {
      const outcome = await RawSocket.open(socketUrl, { protocol }).then(
        async (socket) => (await socket.closed).code,
        (error: Error) => error.message,
      );
      // The `ws` client refuses a server that chose no protocol; what matters is that nothing was opened.
      expect([4406, 'Server sent no subprotocol']).toContain(outcome);
    }
  });

  it('W4: that names no protocol, in a plain upgrade, hears close code 4406', async () => {
    const { origin } = await startApp();
    const upgrade = request(`${origin}/graphql`, {
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      },
    });
    upgrade.end();
    const [answer, socket, head] = (await once(upgrade, 'upgrade')) as [IncomingMessage, Duplex, Buffer];
    expect(answer.statusCode).toBe(101);
    let received = head;
    // An unmasked close frame: its kind, its length, the code.
    while (received.length < 4) received = Buffer.concat([received, ...((await once(socket, 'data')) as [Buffer])]);
    socket.destroy();
    expect(received[0]).toBe(0x88);
    expect(received.readUInt16BE(2)).toBe(4406);
  });

  it('W5: that sends what is no message is closed with 4400, too large a frame with 1009', async () => {
    const { socketUrl } = await startApp();
    const garbled = await RawSocket.open(socketUrl);
    garbled.socket.send('{"type":');
    expect(await garbled.closed).toMatchObject({ code: 4400 });

    const large = await RawSocket.open(socketUrl);
    await large.init();
    large.send({ id: '1', type: 'subscribe', payload: { query: `# ${'x'.repeat(5_000_000)}` } });
    expect(await large.closed).toMatchObject({ code: 1009 });
  });

  it.each([{ type: 'connection_ack' }, { type: 'next', id: '1', payload: {} }, { type: 'error', id: '1', payload: [{ message: 'no' }] }])(
    'W5: that sends what only a server sends ($type) is closed with 4400, and the log is spared',
    async (message) => {
      const logger = { log: () => {}, warn: () => {}, error: jest.fn() };
      const { socketUrl } = await startApp({ logger });
      const socket = await RawSocket.open(socketUrl);
      await socket.init();
      socket.send(message);
      expect(await socket.closed).toEqual({ code: 4400, reason: 'Invalid message received' });
      expect(logger.error).not.toHaveBeenCalled();
    },
  );

  it('to another path hears that there is none, where nobody else answers', async () => {
    const { origin } = await startApp();
    for (const path of ['/graphql/', '/other'])
      expect(await RawSocket.refused(`${origin.replace('http', 'ws')}${path}`)).toEqual({
        status: 404,
        body: `{"message":"Cannot GET ${path}","error":"Not Found","statusCode":404}`,
      });
  });

  it('W5: may have so many operations under way and no more; the next is refused, the others live', async () => {
    const { socketUrl } = await startApp({ taskloom: { api: { limits: { subscriptionsPerSocket: 3 } } } });
    const socket = await RawSocket.open(socketUrl);
    await socket.init();
    for (const id of ['1', '2', '3']) socket.send({ id, ...WATCH });
    const refused = socket.next('error');
    socket.send({ id: '4', ...WATCH });
    expect(await refused).toMatchObject({ id: '4', payload: [{ extensions: { code: 'SUBSCRIPTION_LIMIT', details: { limit: 3 } } }] });
    const pong = socket.next('pong');
    socket.send({ type: 'ping' });
    await pong;

    // One that ends makes room.
    socket.send({ id: '1', type: 'complete' });
    const answered = socket.next('next');
    socket.send({ id: '5', type: 'subscribe', payload: { query: '{ workflows { name } }' } });
    expect(await answered).toMatchObject({ id: '5', payload: { data: { workflows: [{ name: 'welcome' }] } } });
  });

  it.each([
    ['pings of the protocol', (socket: RawSocket) => socket.send({ type: 'ping' })],
    ['ping frames', (socket: RawSocket) => socket.socket.ping()],
  ])('W5: that floods the server with %s is closed with 4429; as many as it may send are answered', async (_what, ping) => {
    const { socketUrl } = await startApp({ taskloom: { api: { limits: { messagesPerSecond: 50 } } } });
    const socket = await RawSocket.open(socketUrl);
    await socket.init();
    const answered = socket.answerTo('1');
    // `connection_init` was the first of fifty, the query is the last.
    for (let count = 2; count < 50; count += 1) ping(socket);
    socket.send({ id: '1', type: 'subscribe', payload: { query: '{ workflows { name } }' } });
    expect(await answered).toMatchObject({ type: 'next' });
    for (let count = 0; count < 101; count += 1) ping(socket);
    expect(await socket.closed).toEqual({ code: 4429, reason: 'RATE_LIMITED' });
  });

  it('W5: has 100 subscriptions by default, of 1,000 that it asks for', async () => {
    const { socketUrl } = await startApp({ taskloom: { api: { limits: { operationsPerSecond: 10_000, messagesPerSecond: 10_000 } } } });
    const socket = await RawSocket.open(socketUrl);
    await socket.init();
    const lastRefused = socket.answerTo('999');
    for (let id = 0; id < 1_000; id += 1) socket.send({ id: `${id}`, ...WATCH });
    expect(JSON.stringify(await lastRefused)).toContain('SUBSCRIPTION_LIMIT');
    expect(socket.received.filter(({ type }) => type === 'error')).toHaveLength(900);
  });

  it('W5: is refused when there are too many', async () => {
    const { socketUrl } = await startApp({ taskloom: { api: { limits: { sockets: 2 } } } });
    await RawSocket.open(socketUrl);
    await RawSocket.open(socketUrl);
    const { status, body } = await RawSocket.refused(socketUrl);
    expect(status).toBe(429);
    expect(JSON.parse(body)).toMatchObject({ errors: [{ extensions: { code: 'SUBSCRIPTION_LIMIT' } }] });
  });

  it.each([
    ['of a foreign page', { origin: 'https://evil.example' }],
    ['of no page, with cookies', { headers: { cookie: 'session=1' } }],
    ['of an opaque page', { origin: 'null' }],
  ])('W3: %s is refused with 403', async (_what, options) => {
    const { socketUrl } = await startApp();
    const { status, body } = await RawSocket.refused(socketUrl, options);
    expect(status).toBe(403);
    expect(JSON.parse(body)).toMatchObject({ errors: [{ extensions: { code: 'ORIGIN_REFUSED' } }] });
  });

  it('of the same origin, or of a listed one, is opened', async () => {
    const { socketUrl, origin } = await startApp({ taskloom: { api: { allowedOrigins: ['https://app.example.org'] } } });
    for (const page of [origin, 'https://app.example.org']) {
      const socket = await RawSocket.open(socketUrl, { origin: page, headers: { cookie: 'session=1' } });
      await socket.init();
    }
  });

  it('gets errors of its operations with codes, and goes on', async () => {
    const { socketUrl } = await startApp();
    const socket = await RawSocket.open(socketUrl);
    await socket.init();
    for (const [index, [query, code]] of [
      ['{ nope }', 'GRAPHQL_VALIDATION_FAILED'],
      ['{', 'GRAPHQL_PARSE_FAILED'],
      [`{ ${'agents { name } '.repeat(400)} }`, 'QUERY_TOO_LARGE'],
      ['query A { agents { name } } query B { agents { name } }', 'OPERATION_RESOLUTION_FAILURE'],
      ['query ($id: ID!) { job(id: $id) { id } }', 'BAD_USER_INPUT'],
    ].entries()) {
      const refused = socket.answerTo(`${index}`);
      socket.send({ id: `${index}`, type: 'subscribe', payload: { query } });
      const { payload } = (await refused) as { payload: unknown };
      const errors = Array.isArray(payload) ? payload : (payload as { errors: unknown[] }).errors;
      expect(errors).toMatchObject([{ message: expect.any(String), extensions: { code, remedy: expect.any(String) } }]);
    }
  });
});
