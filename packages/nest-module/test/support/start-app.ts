import 'reflect-metadata';

import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';

import type { INestApplication, LoggerService, ModuleMetadata } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Engine } from '@taskloom/core';

import { TASKLOOM_ENGINE, TaskloomModule, type TaskloomModuleOptions } from '../../src/index.js';
import { AGENTS } from './agents.js';
import { Gate } from './gate.js';
import { removeTempStores, tempStore } from './temp-store.js';

export interface TestApp {
  readonly app: INestApplication;
  readonly engine: Engine;
  readonly gate: Gate;
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  readonly url: string;
  readonly socketUrl: string;
}

export interface TestAppOptions extends Omit<ModuleMetadata, 'exports'> {
  readonly taskloom?: TaskloomModuleOptions & { readonly isGlobal?: boolean };
  readonly logger?: LoggerService | false;
  /** What main.ts would do before it listens. */
  readonly prepare?: (app: INestApplication) => void;
}

const running: INestApplication[] = [];

/** A real application with a real engine, listening on a free port. */
export async function startApp({
  taskloom = {},
  logger = false,
  imports = [],
  providers = [],
  controllers = [],
  prepare,
}: TestAppOptions = {}): Promise<TestApp> {
  const gate = new Gate();
  class AppModule {}
  const app = await NestFactory.create(
    {
      module: AppModule,
      imports: [TaskloomModule.forRoot({ store: await tempStore(), ...taskloom }), ...imports],
      providers: [...AGENTS, { provide: Gate, useValue: gate }, ...providers],
      controllers,
    },
    { logger, abortOnError: false },
  );
  running.push(app);
  prepare?.(app);
  await app.listen(0, '127.0.0.1');
  const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
  const path = (taskloom.api || undefined)?.path ?? '/graphql';
  return {
    app,
    engine: app.get<Engine>(TASKLOOM_ENGINE),
    gate,
    origin: `http://127.0.0.1:${port}`,
    url: `http://127.0.0.1:${port}${path}`,
    socketUrl: `ws://127.0.0.1:${port}${path}`,
  };
}

/** For `afterEach`. */
export async function stopApps(): Promise<void> {
  await Promise.all(running.splice(0).map((app) => app.close()));
  await removeTempStores();
}
