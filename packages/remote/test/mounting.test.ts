import 'reflect-metadata';

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import express from 'express';
import fastify from 'fastify';

import { remoteCallbacks, type RemoteCallbacks } from '../src/index.js';
import { attempt } from './support/attempt.js';
import { AgentProcess } from './support/agent-process.js';
import { localAgent } from './support/local-agent.js';

let remote: AgentProcess;
beforeAll(async () => {
  remote = await AgentProcess.start();
});
afterAll(() => remote.stop());

@Module({})
class AppModule {}

interface Mounted {
  readonly port: number;
  readonly stop: () => Promise<unknown>;
}

/** Every way to mount the endpoint that the guide shows; `made` is given once the port is known. */
const ways: Record<string, (callbacks: () => RemoteCallbacks) => Promise<Mounted>> = {
  'node:http': (callbacks) => listen(createServer((request, response) => void callbacks().node(request, response))),
  Express: (callbacks) => {
    const app = express();
    app.post('/callbacks', (request, response) => callbacks().node(request, response));
    app.use(express.json());
    return listen(createServer(app));
  },
  'an Express router below a path': (callbacks) => {
    const app = express();
    app.use('/callbacks', (request, response) => void callbacks().node(request, response));
    return listen(createServer(app));
  },
  'Express behind a parser that keeps the raw body': (callbacks) => {
    const app = express();
    app.use(express.json({ verify: (request, _response, rawBody) => void Object.assign(request, { rawBody }) }));
    app.post('/callbacks', (request, response) => callbacks().node(request, response));
    return listen(createServer(app));
  },
  NestJS: async (callbacks) => {
    const app: INestApplication = await NestFactory.create(AppModule, { logger: false });
    app.use('/callbacks', (request: Parameters<RemoteCallbacks['node']>[0], response: Parameters<RemoteCallbacks['node']>[1]) =>
      callbacks().node(request, response),
    );
    await app.listen(0, '127.0.0.1');
    return {
      port: (app.getHttpServer() as Server).address() ? ((app.getHttpServer() as Server).address() as AddressInfo).port : 0,
      stop: () => app.close(),
    };
  },
  Fastify: async (callbacks) => {
    const app = fastify({ forceCloseConnections: true });
    app.post(
      '/callbacks',
      {
        onRequest: async (request, reply) => {
          reply.hijack();
          await callbacks().node(request.raw, reply.raw);
        },
      },
      () => undefined,
    );
    await app.listen({ port: 0, host: '127.0.0.1' });
    return { port: (app.server.address() as AddressInfo).port, stop: () => app.close() };
  },
  'the Fetch API': (callbacks) =>
    listen(
      createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => void respond(Buffer.concat(chunks)));
        const respond = async (body: Buffer): Promise<void> => {
          const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]);
          const answer = await callbacks().fetch(new Request(`http://127.0.0.1${request.url}`, { method: 'POST', headers, body }));
          response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
        };
      }),
    ),
};

async function listen(server: Server): Promise<Mounted> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = (): Promise<unknown> => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { port: (server.address() as AddressInfo).port, stop };
}

describe.each(Object.entries(ways))('callbacks mounted in %s', (_, mount) => {
  it('are taken, and refused when they come twice', async () => {
    let callbacks: RemoteCallbacks | undefined;
    const { port, stop } = await mount(() => callbacks!);
    callbacks = remoteCallbacks({ url: `http://127.0.0.1:${port}/callbacks`, allowHttp: true });
    await expect(attempt(localAgent(remote.url('/calls-back-twice'), { callbacks }), {})).resolves.toEqual({ echo: 'first' });
    await expect(remote.next('replies')).resolves.toEqual([200, 409]);
    await stop();
  });
});

it('Callbacks mounted behind a body parser say in the log what to do', async () => {
  const errors: unknown[] = [];
  const logger = {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: (_: string, data?: unknown) => void errors.push(data),
  };
  let callbacks: RemoteCallbacks | undefined;
  const app = express();
  app.use(express.json());
  app.post('/callbacks', (request, response) => callbacks!.node(request, response));
  const { port, stop } = await listen(createServer(app));
  callbacks = remoteCallbacks({ url: `http://127.0.0.1:${port}/callbacks`, allowHttp: true, logger });
  const ended = new AbortController();
  const output = attempt(localAgent(remote.url('/accepts'), { callbacks }), {}, { signal: ended.signal });
  await expect(remote.callBack(await remote.next('accepted'), { output: { echo: 1 } })).resolves.toEqual([500]);
  expect(errors).toEqual([{ error: expect.stringContaining('mount this before any body parser') }]);
  ended.abort(new Error('over'));
  await expect(output).rejects.toThrow('over');
  await stop();
});
