import 'reflect-metadata';

import type { INestApplicationContext, ModuleMetadata } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Engine, JobView, Json, TaskView } from '@taskloom/core';

import { TASKLOOM_ENGINE, TaskloomModule, type TaskloomModuleOptions } from '../../src/index.js';
import { removeTempStores, tempStore } from './temp-store.js';

const running: INestApplicationContext[] = [];

export interface Standalone {
  readonly context: INestApplicationContext;
  readonly engine: Engine;
}

export interface StandaloneOptions extends ModuleMetadata {
  readonly taskloom?: TaskloomModuleOptions;
}

/** An application without HTTP, with a real engine on a file of its own. */
export async function standalone({ taskloom = {}, imports = [], ...metadata }: StandaloneOptions): Promise<Standalone> {
  class Root {}
  const store = taskloom.store ?? (await tempStore());
  const context = await NestFactory.createApplicationContext(
    { module: Root, imports: [TaskloomModule.forRoot({ ...taskloom, store }), ...imports], ...metadata },
    { logger: false, abortOnError: false },
  );
  running.push(context);
  return { context, engine: context.get<Engine>(TASKLOOM_ENGINE, { strict: false }) };
}

/** For `afterEach`. */
export async function stopStandalone(): Promise<void> {
  await Promise.all(running.splice(0).map((context) => context.close()));
  await removeTempStores();
}

export interface OneTask {
  readonly job: JobView;
  readonly task: TaskView;
  readonly output: Json;
}

/** Runs a job of one task to its end, well or not. */
export async function runTask(engine: Engine, agent: string, input: Json = {}): Promise<OneTask> {
  const handle = await engine.submitJob({ name: 'one', tasks: [{ key: 'only', agent, input }] });
  await handle.result().catch(() => undefined);
  const task = (await engine.reader.task(`${handle.id}:1`))!;
  const [output] = await engine.reader.taskOutputs([{ jobId: handle.id, no: 1 }], 100_000);
  return { job: await handle.status(), task, output: output?.value ?? null };
}
