import 'reflect-metadata';
import { fork } from 'node:child_process';
import { NestFactory } from '@nestjs/core';
import { defineAgent } from '@taskloom/core';
import { z } from 'zod';
import { TaskloomModule, TASKLOOM_ENGINE } from './dist/index.js';
if (process.argv[2] === 'client') {
  const { createClient } = await import('graphql-ws'); const { WebSocket } = await import('ws');
  const [, , , url, id, n, mode] = process.argv;
  let events = 0, done = 0;
  const q = mode === 'job' ? 'subscription($id: ID!){ jobUpdated(jobId:$id){ status progress counts { completed } } }' : 'subscription($id: ID!){ jobEvents(jobId:$id, afterSeq: 0){ seq type taskKey at } }';
  const run = async () => { const c = createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0 }); for await (const r of c.iterate({ query: q, variables: { id } })) events++; done++; };
  process.on('message', async () => {});
  const t = performance.now(); const all = []; for (let i = 0; i < +n; i++) all.push(run());
  process.send('started'); await Promise.all(all); process.send({ events, ms: performance.now() - t }); process.exit();
}
const noop = defineAgent({ name: 'noop', input: z.object({ i: z.number() }), output: z.object({ i: z.number() }), execute: ({ i }) => ({ i }) });
const gate = {}; gate.p = new Promise((r) => (gate.open = r));
const wait = defineAgent({ name: 'wait', input: z.object({}), output: z.object({}), execute: async () => { await gate.p; return {}; } });
class Root {}
const TASKS = +(process.env.TASKS ?? 10000);
const app = await NestFactory.create({ module: Root, imports: [TaskloomModule.forRoot({ store: { path: '/tmp/pw/bench' + process.pid + '.db' }, definitions: [noop, wait], api: { limits: {sockets: 5000} } })] }, { logger: ['error', 'warn'] });
await app.listen(0, '127.0.0.1');
const url = (await app.getUrl()).replace('http', 'ws') + '/graphql';
const engine = app.get(TASKLOOM_ENGINE);
const tasks = [{ key: 'gate', agent: 'wait', input: {} }];
for (let i = 0; i < TASKS; i++) tasks.push({ key: 't' + i, agent: 'noop', input: { i }, dependsOn: i < 100 ? ['gate'] : ['t' + (i - 100)] });
const { id } = await engine.submitJob({ name: 'b', tasks });
const n = +process.argv[2]; const mode = process.argv[3] ?? 'events';
let finished = Promise.resolve();
if (n > 0) { const c = fork(new URL(import.meta.url).pathname, ['client', url, id, String(n), mode]); await new Promise((r) => c.once('message', r)); finished = new Promise((r) => c.once('message', (m) => { console.log(`watchers ${n} ${mode}: ${m.events} events in ${m.ms.toFixed(0)} ms = ${(m.events / m.ms * 1000).toFixed(0)}/s`); r(); })); await new Promise((r) => setTimeout(r, 1500)); }
const t = performance.now(); gate.open(); await engine.job(id).result(); const ms = performance.now() - t;
console.log(`engine with ${n} watchers (${mode}): ${TASKS} tasks in ${ms.toFixed(0)} ms = ${(TASKS / ms * 1000).toFixed(0)} tasks/s`);
await finished; console.log('rss', (process.memoryUsage().rss / 1e6).toFixed(0)); await app.close(); process.exit();
