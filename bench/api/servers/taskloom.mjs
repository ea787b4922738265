// A NestJS application with TaskloomModule, in a process of its own. Does what the parent says (api/servers/server.mjs).
import 'reflect-metadata';

import { NestFactory } from '@nestjs/core';
import { defineAgent } from '@taskloom/core';
import { TASKLOOM_ENGINE, TaskloomModule } from '@taskloom/nest';
import { z } from 'zod';
import { layered } from '../graph.mjs';
import { obey } from './obey.mjs';

const PARALLEL = 100;
const UNLIMITED = 1_000_000;

const work = defineAgent({
  name: 'work',
  input: z.object({ no: z.number().int() }),
  output: z.object({ no: z.number().int(), ok: z.boolean() }),
  execute: async ({ no }) => ({ no, ok: true }),
});

class Root {}

const [path] = process.argv.slice(2);
const app = await NestFactory.create(
  {
    module: Root,
    imports: [
      TaskloomModule.forRoot({
        store: { path },
        maxParallel: PARALLEL,
        definitions: [work],
        // Who measures a server asks more of it than a caller may.
        api: {
          limits: {
            operationsPerSecond: UNLIMITED,
            messagesPerSecond: UNLIMITED,
            subscriptionsPerSocket: UNLIMITED,
            subscriptionsPerTenant: UNLIMITED,
            socketsPerTenant: UNLIMITED,
            sockets: UNLIMITED,
          },
        },
      }),
    ],
  },
  { logger: false },
);
await app.listen(0, '127.0.0.1');
const engine = app.get(TASKLOOM_ENGINE);

obey(app.getHttpServer().address().port, {
  /** A job of so many tasks that has ended. */
  async endedJob(tasks) {
    const job = await engine.submitJob({ name: 'bench', tasks: layered(tasks) });
    await job.result();
    return { id: job.id, events: (await job.status()).lastSeq };
  },
  /** A job that is stored and waits. */
  async waitingJob(tasks) {
    const job = await engine.submitJob({ name: 'bench', tasks: layered(tasks), options: { confirm: true } });
    return { id: job.id };
  },
  /** Lets it run; answers with how long it took when it has ended. */
  async run(id) {
    const startedAt = performance.now();
    await engine.confirmJob(id);
    await engine.job(id).result();
    return { ms: performance.now() - startedAt, events: (await engine.job(id).status()).lastSeq };
  },
  /** Some of its tasks and events, for a server that knows nothing. */
  async samples(id) {
    return { tasks: (await engine.reader.tasks({ jobId: id }, { first: 100 })).items, events: await engine.reader.events(id, 0, 1_000) };
  },
});
