import 'reflect-metadata';

import { afterEach, describe, expect, it } from '@jest/globals';
import { ImATeapotException } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';

import { TASKLOOM_ENGINE, TaskloomModule } from '../src/index.js';
import { AGENTS } from './support/agents.js';
import { dataOf } from './support/ask.js';
import { Gate } from './support/gate.js';
import { post, rawHttp } from './support/raw-http.js';
import { removeTempStores, tempStore } from './support/temp-store.js';
import { all, closeSockets } from './support/watch.js';

const running: NestFastifyApplication[] = [];

afterEach(async () => {
  await closeSockets();
  await Promise.all(running.splice(0).map((app) => app.close()));
  await removeTempStores();
});

async function start(main: (app: NestFastifyApplication) => void = () => {}): Promise<NestFastifyApplication> {
  class Root {}
  const app = await NestFactory.create<NestFastifyApplication>(
    {
      module: Root,
      imports: [TaskloomModule.forRoot({ store: await tempStore() })],
      providers: [...AGENTS, { provide: Gate, useValue: new Gate() }],
    },
    new FastifyAdapter(),
    { logger: false, abortOnError: false },
  );
  running.push(app);
  main(app);
  await app.listen(0, '127.0.0.1');
  return app;
}

describe('on Fastify', () => {
  it('the API serves queries, mutations, subscriptions and GraphiQL', async () => {
    const app = await start();
    const origin = await app.getUrl();
    const url = `${origin}/graphql`;

    const input = { name: 'x'.repeat(500_000) };
    const { startWorkflow } = await dataOf<{ startWorkflow: { id: string } }>(
      url,
      'mutation ($input: JSON!) { startWorkflow(name: "welcome", input: $input) { id } }',
      { input },
    );
    const events = await all<{ jobEvents: { type: string } }>(
      url.replace('http', 'ws'),
      'subscription ($id: ID!) { jobEvents(jobId: $id) { type } }',
      { id: startWorkflow.id },
    );
    expect(events.at(-1)).toEqual({ jobEvents: { type: 'JOB_COMPLETED' } });

    const streamed = await post(url, `subscription { jobEvents(jobId: "${startWorkflow.id}") { type } }`, { accept: 'text/event-stream' });
    expect(streamed.headers['content-type']).toContain('text/event-stream');
    expect(streamed.body.match(/^event: next$/gm)).toHaveLength(events.length);
    expect(streamed.body).toMatch(/"JOB_COMPLETED"[^]*event: complete\ndata: \n\n$/);

    expect((await rawHttp(url, { headers: { accept: 'text/html' } })).body).toContain('GraphiQL');
    expect((await rawHttp(`${url}/graphiql/boot.js`)).status).toBe(200);
    expect((await post(url, '{ workflows { name } }', { 'x-forwarded-for': '203.0.113.9' })).status).toBe(403);
    expect(app.get(TASKLOOM_ENGINE)).toBeDefined();
  });

  const JSON_BODY = { 'content-type': 'application/json' };
  it.each([
    ['nothing', 'POST', JSON_BODY, '', 400, 'BODY_NOT_JSON'],
    ['no JSON', 'POST', JSON_BODY, '{', 400, 'BODY_NOT_JSON'],
    ['a form', 'POST', { 'content-type': 'application/x-www-form-urlencoded' }, 'query={jobs{totalCount}}', 415, 'CONTENT_TYPE_REFUSED'],
    ['text', 'POST', { 'content-type': 'text/plain' }, '{}', 415, 'CONTENT_TYPE_REFUSED'],
    ['a type that nobody reads', 'POST', { 'content-type': 'application/graphql' }, '{}', 415, 'CONTENT_TYPE_REFUSED'],
    ['too much', 'POST', JSON_BODY, JSON.stringify({ query: 'x'.repeat(1_100_000) }), 413, 'BODY_TOO_LARGE'],
    ['another method', 'PUT', JSON_BODY, '{}', 405, 'METHOD_NOT_ALLOWED'],
  ])('refuses %s with the codes that it has elsewhere', async (_what, method, headers, body, status, code) => {
    const app = await start();
    const answer = await rawHttp(`${await app.getUrl()}/graphql`, { method, headers, body });
    expect(answer.status).toBe(status);
    expect(answer.json()).toMatchObject({ errors: [{ extensions: { code, remedy: expect.any(String) } }] });
  });

  it('leaves what hooks of the application throw to the application', async () => {
    const app = await start((made) => {
      made
        .getHttpAdapter()
        .getInstance()
        .addHook('preHandler', async () => {
          throw new ImATeapotException('not today');
        });
    });
    const answer = await post(`${await app.getUrl()}/graphql`, '{ jobs { totalCount } }');
    expect(answer).toMatchObject({ status: 418, body: expect.stringContaining('not today') });
  });
});
