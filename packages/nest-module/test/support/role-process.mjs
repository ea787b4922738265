// One part of an application whose API and worker are processes of their own, as users have it installed. It tells its parent
// where it serves, what its agents do, and when it is about to end.
import 'reflect-metadata';

import { NestFactory } from '@nestjs/core';
import { defineAgent } from '@taskloom/core';
import { TaskloomModule } from '@taskloom/nest';
import { z } from 'zod';

const { role, store } = JSON.parse(process.argv[2]);
const anything = z.any();
const released = new Promise((resolve) => process.on('message', ({ release }) => release && resolve()));

const definitions = [
  defineAgent({ name: 'echo', input: anything, output: anything, execute: (input) => input }),
  defineAgent({
    name: 'hold',
    input: anything,
    output: anything,
    execute: async (_input, ctx) => {
      process.send({ running: ctx.task.key });
      const aborted = new Promise((_, reject) => ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason)));
      try {
        await Promise.race([released, aborted]);
      } catch (error) {
        process.send({ aborted: ctx.task.key });
        throw error;
      }
      return 'released';
    },
  }),
  defineAgent({
    name: 'ask',
    input: anything,
    output: anything,
    execute: (_input, ctx) => ctx.ask('color', { question: 'Which color?', schema: z.enum(['red', 'blue']) }),
  }),
];
class Root {}
const root = { module: Root, imports: [TaskloomModule.forRoot({ store, name: role, roles: [role], definitions, shutdownGrace: 0 })] };

const app =
  role === 'api' ? await NestFactory.create(root, { logger: false }) : await NestFactory.createApplicationContext(root, { logger: false });
app.enableShutdownHooks();
if (role === 'api') await app.listen(0, '127.0.0.1');
process.send({ started: true, ...(role === 'api' && { port: app.getHttpServer().address().port }) });
