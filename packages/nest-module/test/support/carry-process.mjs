// An application whose jobs carry who asked for them, as users have it installed: in each process its agent waits for ever, or
// tells at once in whose name it runs.
import 'reflect-metadata';

import { AsyncLocalStorage } from 'node:async_hooks';

import { NestFactory } from '@nestjs/core';
import { defineAgent } from '@taskloom/core';
import { TaskloomModule, tenantId } from '@taskloom/nest';
import { z } from 'zod';

const { store, holds } = JSON.parse(process.argv[2]);
const requests = new AsyncLocalStorage();

const who = defineAgent({
  name: 'who',
  input: z.object({}),
  output: z.any(),
  execute: async (_input, ctx) => {
    process.send({ running: ctx.job.name });
    if (holds) await new Promise(() => {});
    return requests.getStore() ?? null;
  },
});
const authorize = ({ headers, connectionParams }) => {
  const { 'x-user': name, 'x-tenant': tenant } = connectionParams ?? headers;
  return { name, tenant: tenantId(tenant) };
};
const carry = {
  capture: ({ api }) =>
    api ? { user: api.caller.name, tenant: api.caller.tenant, language: api.request.headers['accept-language'] } : null,
  run: (carried, next) => requests.run(carried, next),
};
class Root {}
const root = { module: Root, imports: [TaskloomModule.forRoot({ store, definitions: [who], carry, api: { authorize, tenancy: true } })] };

const app = await NestFactory.create(root, { logger: false });
await app.listen(0, '127.0.0.1');
process.send({ started: true, port: app.getHttpServer().address().port });
