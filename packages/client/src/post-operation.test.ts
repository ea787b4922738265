import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, describe, expect, it } from '@jest/globals';

import { TaskloomClient } from './taskloom-client.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A server that answers every request with one text, and what it was asked. */
async function serve(
  status: number,
  text: string,
): Promise<{ url: string; asked: { headers: NodeJS.Dict<string | string[]>; body: string }[] }> {
  const asked: { headers: NodeJS.Dict<string | string[]>; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      asked.push({ headers: request.headers, body });
      response.writeHead(status, { connection: 'close' }).end(text);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`, asked };
}

describe('an operation over HTTP', () => {
  it('carries headers that are asked for anew each time', async () => {
    const { url, asked } = await serve(200, '{"data":{"job":null}}');
    let count = 0;
    const client = new TaskloomClient({ url, headers: () => ({ authorization: `token ${(count += 1)}` }) });
    expect(await client.job('x')).toBeNull();
    await client.job('x');
    expect(asked.map(({ headers }) => headers['authorization'])).toEqual(['token 1', 'token 2']);
    expect(JSON.parse(asked[0]!.body)).toMatchObject({ variables: { id: 'x' } });
  });

  it('throws what the API says, with code, remedy and details', async () => {
    const error = { message: 'no', extensions: { code: 'INPUT_SCHEMA', remedy: 'Correct it.', details: { issues: [] } } };
    const { url } = await serve(400, JSON.stringify({ errors: [error] }));
    await expect(new TaskloomClient({ url }).startWorkflow('x', {})).rejects.toMatchObject({
      name: 'ApiResponseError',
      code: 'INPUT_SCHEMA',
      remedy: 'Correct it.',
      details: { issues: [] },
    });
  });

  it('tells an address that is none of the API, and a server that is not there', async () => {
    const { url } = await serve(404, '<html>');
    await expect(new TaskloomClient({ url }).job('x')).rejects.toMatchObject({ name: 'ConnectionError', code: 404 });
    servers.pop()!.close();
    await expect(new TaskloomClient({ url: 'http://127.0.0.1:1/graphql' }).job('x')).rejects.toMatchObject({
      name: 'ConnectionError',
      code: null,
    });
  });
});
