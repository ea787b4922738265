import 'reflect-metadata';

import type { Server } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { defineAgent, type Engine } from '@taskloom/core';
import { TASKLOOM_ENGINE, TaskloomModule, type TaskloomModuleOptions } from '@taskloom/nest';
import { z } from 'zod';

const nothing = z.object({});

/** Does nothing, at once. */
export const Tick = defineAgent({ name: 'tick', input: nothing, output: nothing, execute: () => ({}) });

/** Waits until it is let go; a new process has a new gate. */
export class Gate {
  private release!: () => void;
  private arrive!: () => void;
  readonly opened = new Promise<void>((resolve) => (this.release = resolve));
  readonly reached = new Promise<void>((resolve) => (this.arrive = resolve));

  readonly agent = defineAgent({
    name: 'gate',
    input: nothing,
    output: nothing,
    execute: async (_input, ctx) => {
      this.arrive();
      await Promise.race([
        this.opened,
        new Promise((_resolve, reject) => ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason as Error))),
      ]);
      return {};
    },
  });

  open(): void {
    this.release();
  }
}

export interface WatchedApp {
  readonly app: INestApplication;
  readonly engine: Engine;
  readonly gate: Gate;
  readonly port: number;
  readonly url: string;
}

/** An application whose jobs are watched by real clients. `port` 0: any. */
export async function startWatchedApp(path: string, port = 0, options: TaskloomModuleOptions = {}): Promise<WatchedApp> {
  const gate = new Gate();
  class AppModule {}
  const taskloom = TaskloomModule.forRoot({
    store: { path, synchronous: 'NORMAL' },
    definitions: [Tick, gate.agent],
    shutdownGrace: 10,
    // Clients of these tests come back faster than people's.
    api: { limits: { operationsPerSecond: 100_000 } },
    ...options,
  });
  const app = await NestFactory.create({ module: AppModule, imports: [taskloom] }, { logger: false, abortOnError: false });
  await app.listen(port, '127.0.0.1');
  const listening = ((app.getHttpServer() as Server).address() as AddressInfo).port;
  return { app, engine: app.get<Engine>(TASKLOOM_ENGINE), gate, port: listening, url: `http://127.0.0.1:${listening}/graphql` };
}

const made: string[] = [];

export async function storePath(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'taskloom-watched-'));
  made.push(directory);
  return join(directory, 'taskloom.db');
}

export async function removeStores(): Promise<void> {
  await Promise.all(made.splice(0).map((directory) => rm(directory, { recursive: true, force: true })));
}
