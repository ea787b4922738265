import 'reflect-metadata';

import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

import { afterEach, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';

import { TaskloomModule } from '../src/index.js';
import { removeTempStores, tempStore } from './support/temp-store.js';

let unused: Socket;
afterEach(async () => {
  unused.destroy();
  await removeTempStores();
});

describe('an application that closes', () => {
  it.each(['express', 'fastify'])('on %s does not wait for connections over which nobody has asked anything', async (kind) => {
    class AppModule {}
    const module = { module: AppModule, imports: [TaskloomModule.forRoot({ store: await tempStore() })] };
    const options = { logger: false, abortOnError: false } as const;
    const app: INestApplication =
      kind === 'express' ? await NestFactory.create(module, options) : await NestFactory.create(module, new FastifyAdapter(), options);
    await app.listen(0, '127.0.0.1');
    const server = app.getHttpServer() as Server;
    const taken = once(server, 'connection');
    unused = connect((server.address() as AddressInfo).port, '127.0.0.1');
    await Promise.all([taken, once(unused, 'connect')]);
    const left = once(unused, 'close');

    // Were it not for this, the connection would keep the application from closing for as long as the other side likes.
    await app.close();
    await left;
    expect(server.listening).toBe(false);
  });
});
