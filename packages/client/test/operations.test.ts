import { afterEach, describe, expect, it } from '@jest/globals';

import { TaskloomClient } from '../src/index.js';
import { closeFakeServers, fakeServer, type FakeServer } from './support/fake-server.js';

afterEach(closeFakeServers);

/** Answers everything with one text. */
const always = (status: number, text: string, headers: Record<string, string> = {}): Promise<FakeServer> =>
  fakeServer((response) => response.writeHead(status, headers).end(text));

describe('an operation over HTTP', () => {
  it('carries headers that are asked for anew each time', async () => {
    const { url, asked } = await always(200, '{"data":{"job":null}}');
    let count = 0;
    const client = new TaskloomClient({ url, headers: () => ({ authorization: `token ${(count += 1)}` }) });
    expect(await client.job('x')).toBeNull();
    await client.job('x');
    expect(asked.map(({ headers }) => headers['authorization'])).toEqual(['token 1', 'token 2']);
    expect(JSON.parse(asked[0]!.body)).toMatchObject({ variables: { id: 'x' } });
  });

  it('throws what the API says, with code, remedy, details and status', async () => {
    const error = { message: 'no', extensions: { code: 'INPUT_SCHEMA', remedy: 'Correct it.', details: { issues: [] } } };
    const { url } = await always(400, JSON.stringify({ errors: [error] }));
    await expect(new TaskloomClient({ url }).startWorkflow('x', {})).rejects.toMatchObject({
      name: 'ApiResponseError',
      code: 'INPUT_SCHEMA',
      remedy: 'Correct it.',
      details: { issues: [] },
      status: 400,
    });
  });

  it.each([
    [
      'a page',
      404,
      '<html>',
      { 'content-type': 'text/html; charset=utf-8' },
      ' answered 404 and text/html instead of JSON. Is this the address of the API?',
    ],
    ['a page that says it is fine', 200, '<html>', { 'content-type': 'text/html' }, 'answered 200 and text/html instead of JSON. Is this'],
    [
      "an application's own guard",
      401,
      '{"statusCode":401,"message":"Unauthorized"}',
      {},
      'answered 401 and JSON that is no answer of the API. It does not admit this caller.',
    ],
    ['JSON of another kind', 200, '"hello"', {}, 'Is this the address of the API?'],
    ['a proxy in trouble', 502, '', {}, 'answered 502 and no JSON.'],
  ])('tells %s from an answer of the API', async (_what, status, text, headers: Record<string, string>, message) => {
    const { url } = await always(status, text, headers);
    await expect(new TaskloomClient({ url }).job('x')).rejects.toMatchObject({
      name: 'ConnectionError',
      code: status,
      message: expect.stringContaining(message),
    });
  });

  it('says why a server cannot be reached', async () => {
    const server = await always(200, '');
    await server.close();
    await expect(new TaskloomClient({ url: server.url }).job('x')).rejects.toMatchObject({
      name: 'ConnectionError',
      code: null,
      message: expect.stringMatching(/^http:.* cannot be reached: .*ECONNREFUSED/),
    });
  });

  it('does not wait for ever for a server that takes the connection and says nothing', async () => {
    const { url } = await fakeServer(() => {});
    await expect(new TaskloomClient({ url, requestTimeoutMs: 50 }).job('x')).rejects.toMatchObject({
      name: 'ConnectionError',
      message: expect.stringContaining('did not answer within 50 ms'),
    });
  });

  it('does not take a value that is no JSON for a lost connection', async () => {
    const { url } = await always(200, '');
    await expect(new TaskloomClient({ url }).startWorkflow('x', { big: 1n })).rejects.toBeInstanceOf(TypeError);
  });

  it('ends when it is told to, with the reason', async () => {
    const { url } = await fakeServer(() => {});
    const leaving = new AbortController();
    const asked = new TaskloomClient({ url }).job('x', { signal: leaving.signal });
    leaving.abort(new Error('enough'));
    await expect(asked).rejects.toThrow('enough');
  });

  it('reads lists page by page as they are taken', async () => {
    const page = (id: string, endCursor: string, hasNextPage: boolean) =>
      JSON.stringify({ data: { jobs: { nodes: [{ id }], pageInfo: { endCursor, hasNextPage } } } });
    const { url, asked } = await fakeServer((response, nth) => response.end(page(`job ${nth}`, `cursor ${nth}`, nth < 3)));
    const seen: string[] = [];
    for await (const { id } of new TaskloomClient({ url }).everyJob({ filter: { workflow: 'w' } })) {
      seen.push(id);
      expect(asked).toHaveLength(seen.length);
    }
    expect(seen).toEqual(['job 1', 'job 2', 'job 3']);
    expect(asked.map(({ body }) => (JSON.parse(body) as { variables: object }).variables)).toEqual([
      { filter: { workflow: 'w' }, first: 100, after: null },
      { filter: { workflow: 'w' }, first: 100, after: 'cursor 1' },
      { filter: { workflow: 'w' }, first: 100, after: 'cursor 2' },
    ]);
  });
});
