import { afterEach, describe, expect, it } from '@jest/globals';
import { defineAgent } from '@taskloom/core';
import { VirtualClock } from '@taskloom/core/testing';
import { z } from 'zod';

import type { ApiRequest } from '../src/index.js';
import { post } from './support/raw-http.js';
import { startApp, stopApps, type TestApp } from './support/start-app.js';

afterEach(stopApps);

const Pay = defineAgent({
  name: 'pay',
  input: z.object({ fourEyes: z.boolean() }),
  output: z.boolean(),
  execute: async ({ fourEyes }, ctx) => {
    const about = { cents: 900, fourEyes };
    const { answer } = await ctx.ask('release', { question: 'Release it?', about, schema: z.boolean(), deadline: '1h' });
    return answer ?? false;
  },
});
const Draft = defineAgent({ name: 'draft', input: z.object({}), output: z.string(), review: 'manual', execute: () => 'draft' });

interface NamedApp extends TestApp {
  readonly clock: VirtualClock;
  readonly as: (name: string, query: string) => Promise<{ code: string | undefined; data: Record<string, unknown> | undefined }>;
}

async function start(): Promise<NamedApp> {
  const clock = new VirtualClock();
  const authorize = ({ headers }: ApiRequest) => (headers['x-name'] ? { name: String(headers['x-name']) } : true);
  const app = await startApp({ taskloom: { clock, definitions: [Pay, Draft], api: { authorize } } });
  return {
    ...app,
    clock,
    as: async (name, query) => {
      const { data, errors } = (await post(app.url, query, name === '' ? {} : { 'x-name': name })).json();
      return { code: errors?.[0]?.extensions.code, data };
    },
  };
}

/** Starts a job of one task as somebody, and resolves to the task's id when it waits for a person. */
async function submit(
  { as, clock, engine }: NamedApp,
  name: string,
  task: string,
): Promise<{ taskId: string; requestId: string | undefined }> {
  const { data } = await as(name, `mutation { submitJob(job: { name: "x", tasks: [{ key: "a", ${task} }] }) { id } }`);
  const { id } = data!['submitJob'] as { id: string };
  // Questions of one moment are asked together.
  while ((await engine.reader.task(`${id}:1`))!.status !== 'BLOCKED') await clock.advance(100);
  const [request] = (await engine.reader.humanRequests({ jobId: id }, { first: 1 })).items;
  return { taskId: `${id}:1`, requestId: request?.id };
}

const PAY = (fourEyes: boolean): string => `agent: "pay", input: { fourEyes: ${fourEyes} }`;
const answer = (id: string | undefined): string => `mutation { answerHumanRequest(id: "${id}", answer: true) { answeredBy } }`;

describe('a question that asks for four eyes (Q16)', () => {
  it('is not answered by whoever started the job, but by anybody else', async () => {
    const app = await start();
    const { requestId } = await submit(app, 'ada', PAY(true));
    expect((await app.as('ada', answer(requestId))).code).toBe('APPROVAL_SELF_DECISION');
    expect((await app.engine.reader.humanRequest(requestId!))?.status).toBe('OPEN');
    expect(await app.as('bob', answer(requestId))).toMatchObject({ data: { answerHumanRequest: { answeredBy: 'user:bob' } } });
  });

  it('is not answered by somebody without a name, where somebody without a name started it', async () => {
    const app = await start();
    const { requestId } = await submit(app, '', PAY(true));
    expect((await app.as('', answer(requestId))).code).toBe('APPROVAL_SELF_DECISION');
    expect((await app.as('ada', answer(requestId))).code).toBeUndefined();
  });

  it('is told from one that does not', async () => {
    const app = await start();
    const { requestId } = await submit(app, 'ada', PAY(false));
    expect((await app.as('ada', answer(requestId))).code).toBeUndefined();
  });
});

describe('a task that asks for four eyes (Q16)', () => {
  const DRAFT = 'agent: "draft", input: {}, metadata: { fourEyes: true }';

  it.each([
    ['accepted', 'acceptTask(id: "ID")'],
    ['rejected', 'rejectTask(id: "ID", reason: "no")'],
  ])('is not %s by whoever started the job, but by anybody else', async (_what, mutation) => {
    const app = await start();
    const { taskId } = await submit(app, 'ada', DRAFT);
    const query = `mutation { ${mutation.replace('ID', taskId)} { status } }`;
    expect((await app.as('ada', query)).code).toBe('APPROVAL_SELF_DECISION');
    expect((await app.engine.reader.task(taskId))?.status).toBe('BLOCKED');
    expect((await app.as('bob', query)).code).toBeUndefined();
  });

  it('is not said to have an outcome by whoever started the job, but may be run again', async () => {
    const app = await start();
    const { taskId } = await submit(app, 'ada', DRAFT);
    for (const outcome of ['as: COMPLETED, output: "mine"', 'as: FAILED'])
      expect((await app.as('ada', `mutation { resumeTask(id: "${taskId}", ${outcome}) { status } }`)).code).toBe('APPROVAL_SELF_DECISION');
    expect((await app.as('ada', `mutation { pauseTask(id: "${taskId}") { held } }`)).code).toBeUndefined();
    expect((await app.as('ada', `mutation { resumeTask(id: "${taskId}") { held } }`)).code).toBeUndefined();
  });
});

describe('a question whose deadline has passed (Q16)', () => {
  it('is closed', async () => {
    const app = await start();
    const { requestId } = await submit(app, 'ada', PAY(false));
    await app.clock.advance(2 * 3_600_000);
    expect((await app.as('ada', answer(requestId))).code).toBe('REQUEST_CLOSED');
    const { data } = await app.as('ada', `{ humanRequest(id: "${requestId}") { status } }`);
    expect(data).toEqual({ humanRequest: { status: 'EXPIRED' } });
  });
});
