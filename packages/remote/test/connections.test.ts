import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { afterEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { remoteAgent, type RemoteCallbacks, type ResolveName } from '../src/index.js';
import { guardedAgent } from '../src/http/guarded-agent.js';
import { attempt, thrownBy } from './support/attempt.js';
import { SECRET } from './support/agent-process.js';
import { localAgent } from './support/local-agent.js';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

const pem = (name: string): string => readFileSync(new URL(`./support/tls/${name}`, import.meta.url), 'utf8');

interface Listening {
  readonly port: number;
  /** Connections so far, and the host that each request asked for. */
  readonly connections: () => number;
  readonly hosts: readonly string[];
}

/** A well-behaved agent on loopback that counts who connects. */
async function listen(server: Server = createHttpServer(), headers: Record<string, string> = {}): Promise<Listening> {
  servers.push(server);
  let connections = 0;
  const hosts: string[] = [];
  server.on('connection', () => (connections += 1));
  server.on('request', (request, response) => {
    hosts.push(request.headers.host ?? '');
    request
      .resume()
      .on('end', () => response.writeHead(200, { 'content-type': 'application/json', ...headers }).end('{"output":{"echo":1}}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, connections: () => connections, hosts };
}

/** Answers with one list of addresses after the other, then with the last one again. */
function resolver(...answers: readonly (readonly string[])[]): { readonly resolve: ResolveName; readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    resolve: async (name) => {
      const list = answers[Math.min(asked.length, answers.length - 1)]!;
      asked.push(name);
      return list.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    },
  };
}

describe('a name (R2)', () => {
  it('is connected to where it was resolved to, and nowhere else', async () => {
    const { port, hosts } = await listen();
    const { resolve, asked } = resolver(['127.0.0.1']);
    await expect(attempt(localAgent(`http://agent.example.org:${port}/`, { resolve }), {})).resolves.toEqual({ echo: 1 });
    expect(asked).toEqual(['agent.example.org']);
    expect(hosts).toEqual([`agent.example.org:${port}`]);
  });

  it.each([['127.0.0.1'], ['10.0.0.1'], ['169.254.169.254'], ['::1'], ['::ffff:127.0.0.1'], ['64:ff9b::7f00:1'], ['0.0.0.0'], ['fd00::1']])(
    'that leads to %s is not called',
    async (address) => {
      const { port, connections } = await listen();
      const { resolve } = resolver([address]);
      const agent = localAgent(`http://agent.example.org:${port}/`, { resolve, allowPrivateNetwork: false });
      const error = await thrownBy(attempt(agent, {}));
      expect(error.code).toBe('EGRESS_BLOCKED');
      expect(error.message).not.toContain(address);
      expect(connections()).toBe(0);
    },
  );

  it('of which one address is forbidden is not called at the others either', async () => {
    const { port, connections } = await listen();
    for (const list of [
      ['127.0.0.1', '169.254.169.254'],
      ['169.254.169.254', '127.0.0.1'],
    ]) {
      const agent = localAgent(`http://agent.example.org:${port}/`, { resolve: resolver(list).resolve });
      expect((await thrownBy(attempt(agent, {}))).code).toBe('EGRESS_BLOCKED');
    }
    expect(connections()).toBe(0);
  });

  it('that is bound to another address later is checked again for each connection', async () => {
    const { port, connections } = await listen(undefined, { connection: 'close' });
    const { resolve, asked } = resolver(['127.0.0.1'], ['169.254.169.254']);
    const agent = localAgent(`http://agent.example.org:${port}/`, { resolve });
    await expect(attempt(agent, {})).resolves.toEqual({ echo: 1 });
    expect((await thrownBy(attempt(agent, {}))).code).toBe('EGRESS_BLOCKED');
    expect(asked.length).toBe(2);
    expect(connections()).toBe(1);
  });

  it('that flips between two look-ups is looked up once for a connection', async () => {
    const { port } = await listen();
    const { resolve, asked } = resolver(['127.0.0.1'], ['169.254.169.254']);
    await expect(attempt(localAgent(`http://agent.example.org:${port}/`, { resolve }), {})).resolves.toEqual({ echo: 1 });
    expect(asked.length).toBe(1);
  });

  it('without an address, or that cannot be looked up, is AGENT_UNREACHABLE', async () => {
    const nowhere = localAgent('http://agent.example.org:8080/', { resolve: resolver([]).resolve });
    expect(await thrownBy(attempt(nowhere, {}))).toMatchObject({
      code: 'AGENT_UNREACHABLE',
      message: expect.stringContaining('ENOTFOUND'),
    });
    const failing = localAgent('http://agent.example.org:8080/', {
      resolve: () => Promise.reject(Object.assign(new Error('try again'), { code: 'EAI_AGAIN' })),
    });
    expect(await thrownBy(attempt(failing, {}))).toMatchObject({
      code: 'AGENT_UNREACHABLE',
      message: expect.stringContaining('EAI_AGAIN'),
    });
  });
});

describe('a certificate (R6)', () => {
  const agent = (port: number, ca?: string): ReturnType<typeof localAgent> =>
    localAgent(`https://agent.test:${port}/`, {
      resolve: resolver(['127.0.0.1']).resolve,
      allowHttp: false,
      ...(ca === undefined ? {} : { ca }),
    });
  const serve = (name: string): Promise<Listening> => listen(createHttpsServer({ key: pem(`${name}.key`), cert: pem(`${name}.pem`) }));

  it('of an authority that is trusted by option is accepted', async () => {
    const { port } = await serve('good');
    await expect(attempt(agent(port, pem('authority.pem')), {})).resolves.toEqual({ echo: 1 });
  });

  it.each([
    ['of an unknown authority', 'good', undefined, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['for another host', 'other', 'authority.pem', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['that has expired', 'expired', 'authority.pem', 'CERT_HAS_EXPIRED'],
  ])('%s is refused', async (_, name, ca, reason) => {
    const { port, hosts } = await serve(name);
    const error = await thrownBy(attempt(agent(port, ca === undefined ? undefined : pem(ca)), {}));
    expect(error).toMatchObject({ code: 'AGENT_UNREACHABLE', message: expect.stringContaining(reason) });
    expect(hosts).toEqual([]);
  });
});

describe('an environment', () => {
  const call = async (url: string, env: Record<string, string>): Promise<{ output?: unknown; code?: string; message?: string }> => {
    const script = fileURLToPath(new URL('./support/call-process.mjs', import.meta.url));
    const settings = JSON.stringify({ url, secret: SECRET, address: '127.0.0.1' });
    const { stdout } = await promisify(execFile)(process.execPath, [script, settings], { env: { ...process.env, ...env } });
    return JSON.parse(stdout) as { output?: unknown; code?: string };
  };

  it('that trusts every certificate changes nothing', async () => {
    const { port, hosts } = await listen(createHttpsServer({ key: pem('good.key'), cert: pem('good.pem') }));
    expect(await call(`https://agent.test:${port}/`, { NODE_TLS_REJECT_UNAUTHORIZED: '0' })).toMatchObject({
      code: 'AGENT_UNREACHABLE',
      message: expect.stringContaining('UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
    });
    expect(hosts).toEqual([]);
  });

  it('that names a proxy changes nothing', async () => {
    const { port } = await listen();
    const proxy = await listen();
    const address = `http://127.0.0.1:${proxy.port}`;
    const env = { HTTP_PROXY: address, http_proxy: address, HTTPS_PROXY: address, ALL_PROXY: address, NODE_USE_ENV_PROXY: '1' };
    expect(await call(`http://agent.test:${port}/`, env)).toEqual({ output: { echo: 1 } });
    expect(proxy.connections()).toBe(0);
  });
});

it('A connection to an address is checked although it is never looked up', async () => {
  const { port, connections } = await listen();
  const policy = { allowHttp: true, allowPrivateNetwork: false, allowedPorts: [] };
  const http = guardedAgent({ policy, ca: null, resolve: null, connectTimeoutMs: 1_000 });
  const request = http.request({ origin: `http://127.0.0.1:${port}`, path: '/', method: 'POST' });
  await expect(request).rejects.toMatchObject({ code: 'EGRESS_BLOCKED' });
  expect(connections()).toBe(0);
});

describe('a definition', () => {
  const options = { name: 'remote', url: 'https://agent.example.org/', secret: SECRET, input: z.any(), output: z.any() };

  it.each([
    'https://127.1/',
    'https://[::ffff:7f00:1]/',
    'http://agent.example.org/',
    'https://agent.example.org:22/',
    'https://user:secret@agent.example.org/',
    'file:///etc/passwd',
  ])('with %s is refused before anything is called (R1)', (url) => {
    expect(() => remoteAgent({ ...options, url })).toThrow(expect.objectContaining({ code: 'EGRESS_BLOCKED' }));
  });

  it('lists every option that is wrong, and shows no secret', () => {
    const define = (): unknown =>
      remoteAgent({
        ...options,
        secret: 'too short',
        requestTimeout: '-1s',
        maxResponseBytes: 0,
        maxRetryAfter: 'soon' as '1s',
        allowedPorts: [0],
        allowHttp: 'yes' as unknown as boolean,
        ca: 'not a certificate',
        resolve: 'dns' as unknown as ResolveName,
        headers: { authorization: 'Bearer\nX' },
        callbacks: {} as unknown as RemoteCallbacks,
        ...({ requestTimeot: 5 } as object),
      });
    expect(define).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    try {
      define();
    } catch (error) {
      const { message } = error as Error;
      for (const part of [
        '`secret`',
        '`requestTimeout`',
        '`maxResponseBytes`',
        '`maxRetryAfter`',
        '`allowedPorts`',
        '`allowHttp`',
        '`ca`',
        '`resolve`',
        'authorization',
        '`callbacks`',
        'did you mean "requestTimeout"',
      ])
        expect(message).toContain(part);
      expect(message).not.toMatch(/too short|Bearer/);
    }
  });

  it('is checked like that of any other agent', () => {
    expect(() => remoteAgent({ ...options, retry: -1 })).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    expect(() => remoteAgent({ ...options, name: 'no name' })).toThrow(expect.objectContaining({ code: 'NAME_INVALID' }));
    expect(() => remoteAgent({ ...options, ...({ idleTimeout: '1s' } as object) })).toThrow(/idleTimeout/);
  });

  it('whose parsed input would not be JSON is refused', () => {
    const input = z.object({ at: z.string().transform((text) => new Date(text)) });
    expect(() => remoteAgent({ ...options, input })).toThrow(expect.objectContaining({ code: 'SCHEMA_NOT_JSON' }));
  });

  it('holds no secret that could be printed', () => {
    const definition = remoteAgent(options);
    expect(JSON.stringify(definition)).not.toContain(SECRET);
  });
});
