import { networkInterfaces } from 'node:os';

import { afterEach, describe, expect, it, jest } from '@jest/globals';

import type { ApiRequest } from '../src/index.js';
import { dataOf } from './support/ask.js';
import { post, rawHttp } from './support/raw-http.js';
import { RawSocket } from './support/raw-socket.js';
import { startApp, stopApps } from './support/start-app.js';

afterEach(async () => {
  await stopApps();
});

const QUERY = '{ workflows { name } }';
const address = Object.values(networkInterfaces())
  .flat()
  .find((candidate) => candidate?.family === 'IPv4' && !candidate.internal)?.address;

describe('without `authorize`', () => {
  it('callers on the machine itself are answered', async () => {
    const { url } = await startApp();
    expect(await dataOf(url, QUERY)).toEqual({ workflows: [{ name: 'welcome' }] });
    expect((await post(url, QUERY, { host: 'localhost:3000' })).status).toBe(200);
  });

  it.each([
    ['through a proxy', { 'x-forwarded-for': '203.0.113.9' }],
    ['through another kind of proxy', { forwarded: 'for=203.0.113.9' }],
    ['by a domain that was pointed here', { host: 'evil.example:3000' }],
  ])('callers %s are refused: HTTP, page and WebSocket', async (_what, headers: Record<string, string>) => {
    const { url, socketUrl } = await startApp();
    for (const answer of [
      await post(url, QUERY, headers),
      await rawHttp(url, { headers: { accept: 'text/html', ...headers } }),
      await rawHttp(`${url}/graphiql/boot.js`, { headers }),
    ]) {
      expect(answer.status).toBe(403);
      expect(answer.json()).toMatchObject({
        errors: [{ extensions: { code: 'AUTH_REQUIRED', remedy: expect.stringContaining('allowAnonymous') } }],
      });
    }
    const { status, body } = await RawSocket.refused(socketUrl, { headers });
    expect(status).toBe(403);
    expect(JSON.parse(body)).toMatchObject({ errors: [{ extensions: { code: 'AUTH_REQUIRED' } }] });
  });

  (address ? it : it.skip)('C7: callers from other machines are refused', async () => {
    const { app } = await startApp();
    const server = await app.getHttpAdapter().getInstance();
    const outside = await new Promise<{ port: number; close: () => void }>((resolve) => {
      const listening = (
        server as { listen: (port: number, host: string, done: () => void) => { address: () => { port: number }; close: () => void } }
      ).listen(0, address!, () => resolve({ port: listening.address().port, close: () => listening.close() }));
    });
    const answer = await post(`http://${address}:${outside.port}/graphql`, QUERY);
    outside.close();
    expect(answer.status).toBe(403);
  });

  it('everyone is answered where that was said, and the log warns', async () => {
    const warn = jest.fn();
    const logger = { log: () => {}, error: () => {}, debug: () => {}, verbose: () => {}, warn };
    const { url, socketUrl } = await startApp({ taskloom: { api: { allowAnonymous: true } }, logger });
    expect((await post(url, QUERY, { host: 'app.example', 'x-forwarded-for': '203.0.113.9' })).status).toBe(200);
    const socket = await RawSocket.open(socketUrl, { headers: { host: 'app.example' } });
    await socket.init();
    expect(warn.mock.calls.map(([message]) => message)).toContainEqual(expect.stringContaining('allowAnonymous'));
  });
});

describe('with `authorize`', () => {
  const byToken = ({ headers, connectionParams }: ApiRequest) => {
    const token = connectionParams?.['token'] ?? headers['authorization'];
    return token === 'ada' ? { name: 'ada' } : token === 'anybody';
  };

  it('each request is asked about, whoever sends it', async () => {
    const { url } = await startApp({ taskloom: { api: { authorize: byToken } } });
    const refused = await post(url, QUERY);
    expect(refused.status).toBe(403);
    expect(refused.json()).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    expect((await post(url, QUERY, { authorization: 'anybody', host: 'app.example' })).status).toBe(200);
  });

  it('the caller stands in the events of what it did', async () => {
    const { url, engine, gate } = await startApp({ taskloom: { api: { authorize: byToken } } });
    const { id } = await engine.submitJob({ name: 'long', tasks: [{ key: 'a', agent: 'wait', input: {} }] });
    await gate.reached;
    await post(url, `mutation { cancelJob(id: "${id}") { id } }`, { authorization: 'ada' });
    expect((await engine.reader.events(id, 0, 100)).at(-1)).toMatchObject({ type: 'JOB_CANCELLED', actor: 'user:ada' });
  });

  it('a WebSocket is asked about when it connects and at each operation', async () => {
    let admits = true;
    const { socketUrl } = await startApp({ taskloom: { api: { authorize: (request) => admits && byToken(request) } } });
    const stranger = await RawSocket.open(socketUrl);
    stranger.send({ type: 'connection_init', payload: { token: 'wrong' } });
    expect(await stranger.closed).toMatchObject({ code: 4403 });

    const socket = await RawSocket.open(socketUrl);
    await socket.init({ token: 'ada' });
    const answered = socket.answerTo('1');
    socket.send({ id: '1', type: 'subscribe', payload: { query: QUERY } });
    expect(await answered).toMatchObject({ payload: { data: { workflows: [{ name: 'welcome' }] } } });
    admits = false;
    const refused = socket.answerTo('2');
    socket.send({ id: '2', type: 'subscribe', payload: { query: QUERY } });
    expect(await refused).toMatchObject({ type: 'error', payload: [{ extensions: { code: 'FORBIDDEN' } }] });
  });

  it('W2: a WebSocket is closed when its credentials expire', async () => {
    const { socketUrl } = await startApp({ taskloom: { api: { authorize: () => ({ name: 'ada', expiresAt: Date.now() + 100 }) } } });
    const socket = await RawSocket.open(socketUrl);
    await socket.init();
    socket.send({ id: '1', type: 'subscribe', payload: { query: 'subscription { jobUpdated { id } }' } });
    expect(await socket.closed).toMatchObject({ code: 4403 });
  });

  it('a hook that throws refuses, and shows nothing of why', async () => {
    const error = jest.fn();
    const logger = { log: () => {}, error, debug: () => {}, verbose: () => {}, warn: () => {} };
    const { url, socketUrl } = await startApp({
      logger,
      taskloom: {
        api: {
          authorize: () => {
            throw new Error('the key is hunter2');
          },
        },
      },
    });
    const answer = await post(url, QUERY);
    expect(answer.status).toBe(500);
    expect(answer.body).not.toContain('hunter2');
    expect(answer.json()).toMatchObject({ errors: [{ extensions: { code: 'INTERNAL', correlationId: expect.any(String) } }] });
    const { correlationId } = answer.json().errors![0]!.extensions;
    expect(error.mock.calls.map(([message]) => message)).toContainEqual(expect.stringContaining(correlationId!));

    const socket = await RawSocket.open(socketUrl);
    socket.send({ type: 'connection_init' });
    expect(await socket.closed).toMatchObject({ code: 4403, reason: 'Forbidden' });
  });
});
