import { readFileSync } from 'node:fs';

import { afterEach, describe, expect, it } from '@jest/globals';
import { defineAgent } from '@taskloom/core';
import { buildSchema } from 'graphql';
import { z } from 'zod';

import { tenantId, type ApiRequest } from '../src/index.js';
import { post, type RawAnswer } from './support/raw-http.js';
import { RawSocket } from './support/raw-socket.js';
import { startApp, stopApps, type TestApp } from './support/start-app.js';
import { closeSockets, resultsOf, watch } from './support/watch.js';

afterEach(async () => {
  await closeSockets();
  await stopApps();
});

const SECRET = 'canary-of-a';

const Ask = defineAgent({
  name: 'ask',
  input: z.object({ name: z.string() }),
  output: z.object({ text: z.string() }),
  execute: async (input, ctx) => {
    await ctx.ask('question', { question: input.name });
    return { text: input.name };
  },
});

const authorize = ({ headers, connectionParams }: ApiRequest) => {
  const who = String(connectionParams?.['tenant'] ?? headers['x-tenant'] ?? '');
  return who === '' ? true : { name: `user-of-${who}`, tenant: tenantId(who) };
};

async function start(): Promise<TestApp & { as: (tenant: string, query: string) => Promise<RawAnswer> }> {
  const app = await startApp({ taskloom: { definitions: [Ask], api: { authorize, tenancy: true } } });
  return { ...app, as: (tenant, query) => post(app.url, query, { 'x-tenant': tenant }) };
}

/** A's job, with its secret wherever a job can hold one. */
async function jobOfA({ as, engine }: Awaited<ReturnType<typeof start>>): Promise<{ id: string; requestId: string }> {
  const answer = await as(
    'a',
    `mutation { submitJob(job: { name: "${SECRET}", input: "${SECRET}", options: { metadata: { note: "${SECRET}" }, idempotencyKey: "${SECRET}" }, tasks: [
      { key: "${SECRET}", name: "${SECRET}", description: "${SECRET}", kind: "${SECRET}", agent: "ask", input: { name: "${SECRET}" }, metadata: { note: "${SECRET}" } }
    ] }) { id } }`,
  );
  const { id } = (answer.json().data as { submitJob: { id: string } }).submitJob;
  await as(
    'a',
    `mutation { createSchedule(input: { id: "of-a", workflow: "welcome", every: "24h", input: { name: "${SECRET}" } }) { id } }`,
  );
  for await (const event of engine.events(id)) if (event.type === 'TASK_SUSPENDED' || JSON.stringify(event).includes('HUMAN')) break;
  const [request] = (await engine.reader.humanRequests({ jobId: id }, { first: 1 })).items;
  return { id, requestId: request!.id };
}

/** Every field of the schema, asked with ids of somebody else. JOB and REQUEST stand for them. */
const OPERATIONS: Readonly<Record<string, string>> = {
  'Query.agent': '{ agent(name: "greet") { name } }',
  'Query.agents': '{ agents { name } }',
  'Query.agentsAccepting': '{ agentsAccepting(input: {}) { name } }',
  'Query.workflow': '{ workflow(name: "welcome") { name } }',
  'Query.workflows': '{ workflows { name } }',
  'Query.job': '{ job(id: "JOB") { id name input output metadata report { tookMs tasks { key attempts { number } } } } }',
  'Query.jobs': '{ jobs { totalCount nodes { id name } edges { cursor } } }',
  'Query.task': '{ task(id: "JOB:1") { id key why { code } history { seq } parent { key } } }',
  'Query.tasks': `{ of: tasks(filter: { jobId: "JOB" }) { totalCount nodes { key } } below: tasks(filter: { parentId: "JOB:0" }) { nodes { key } } all: tasks(filter: {}) { totalCount nodes { key } } text: tasks(filter: { text: "canary" }) { totalCount nodes { key } } }`,
  'Query.events': '{ events(jobId: "JOB") { seq data } }',
  'Query.jobGraph': '{ jobGraph(jobId: "JOB", format: JSON) }',
  'Query.humanRequest': '{ humanRequest(id: "REQUEST") { question } }',
  'Query.humanRequests':
    '{ all: humanRequests { question } of: humanRequests(jobId: "JOB") { question } closed: humanRequests(open: false) { question } }',
  'Query.metrics': '{ metrics { jobs { submitted } agents { name } } }',
  'Query.alerts': '{ alerts(active: null) { id jobId message } }',
  'Mutation.acknowledgeAlert': 'mutation { acknowledgeAlert(id: "JOB") { message } }',
  'Query.overview': '{ overview { jobs { total running } tasks { total blocked } limits { name taken } slowestTasks { key } } }',
  'Query.schedules': '{ schedules { id input } }',
  'Query.schedule': '{ schedule(id: "SCHEDULE") { id input lastJobId } }',
  'Mutation.pauseSchedule': 'mutation { pauseSchedule(id: "SCHEDULE") { id input } }',
  'Mutation.resumeSchedule': 'mutation { resumeSchedule(id: "SCHEDULE") { id input } }',
  'Mutation.deleteSchedule': 'mutation { deleteSchedule(id: "SCHEDULE") }',
  'Mutation.createSchedule':
    'mutation { createSchedule(input: { id: "SCHEDULE", workflow: "welcome", every: "24h", input: { name: "b" } }) { id input } }',
  'Mutation.startWorkflow': `mutation { startWorkflow(name: "welcome", input: { name: "b" }, options: { idempotencyKey: "${SECRET}-b" }) { name } }`,
  'Mutation.submitJob': `mutation { submitJob(job: { name: "b", options: { idempotencyKey: "KEY" }, tasks: [] }) { name } }`,
  'Mutation.addTasks': 'mutation { addTasks(jobId: "JOB", tasks: [{ key: "b", agent: "greet", input: { name: "b" } }]) { id } }',
  'Mutation.addDependency': 'mutation { addDependency(taskId: "JOB:1", dependsOn: "JOB:0") { id } }',
  'Mutation.answerHumanRequest': 'mutation { answerHumanRequest(id: "REQUEST", answer: true) { question } }',
  'Mutation.rejectTask': 'mutation { rejectTask(id: "JOB:1", reason: "b") { id } }',
  ...Object.fromEntries(
    ['cancelJob', 'confirmJob', 'pauseJob', 'resumeJob', 'retryJob'].map((name) => [
      `Mutation.${name}`,
      `mutation { ${name}(id: "JOB") { id name } }`,
    ]),
  ),
  ...Object.fromEntries(
    ['acceptTask', 'cancelTask', 'pauseTask', 'resumeTask', 'retryTask', 'skipTask'].map((name) => [
      `Mutation.${name}`,
      `mutation { ${name}(id: "JOB:1") { id key } }`,
    ]),
  ),
  'Subscription.jobEvents': 'subscription { jobEvents(jobId: "JOB") { seq data } }',
  'Subscription.jobUpdated': 'subscription { jobUpdated(jobId: "JOB") { name } }',
  'Subscription.taskUpdated': 'subscription { taskUpdated(jobId: "JOB") { key } }',
  // Where there are alerts: monitor.test.ts.
  'Subscription.alertRaised': 'subscription { alertRaised { id jobId message } }',
  'Subscription.overview': 'subscription { overview { jobs { total } tasks { blocked } limits { name } slowestTasks { key } } }',
  'Subscription.humanRequested': 'subscription { humanRequested(jobId: "JOB") { question } }',
};

describe('two tenants', () => {
  it('are tested over the whole API', () => {
    const schema = buildSchema(readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8'));
    const fields = [schema.getQueryType()!, schema.getMutationType()!, schema.getSubscriptionType()!].flatMap((type) =>
      Object.keys(type.getFields()).map((name) => `${type.name}.${name}`),
    );
    expect(Object.keys(OPERATIONS).sort()).toEqual(fields.sort());
  });

  it('never hear a byte of each other: what is foreign is answered exactly as what is missing (Q6, Q15)', async () => {
    const app = await start();
    const { id, requestId } = await jobOfA(app);
    const before = await app.engine.reader.job(id);
    const answerOf = async (query: string): Promise<string> => {
      if (!query.startsWith('subscription')) return (await app.as('b', query)).body;
      const asB = { connectionParams: { tenant: 'b' } };
      const stream = watch(app.socketUrl, query, {}, asB);
      // Those about everything do not end; of alerts there are none to hear of.
      if (query.includes('jobId:')) return JSON.stringify(await resultsOf(stream));
      const nothing = first(watch(app.socketUrl, '{ __typename }', {}, asB));
      return JSON.stringify(await (query.includes('alertRaised') ? Promise.race([first(stream), nothing]) : first(stream)));
    };
    const missing = { JOB: 'no-such-job', REQUEST: 'no-such-question', SCHEDULE: 'no-such' };

    for (const [field, query] of Object.entries(OPERATIONS)) {
      const foreign = await answerOf(
        query.replaceAll('JOB', id).replaceAll('REQUEST', requestId).replaceAll('SCHEDULE', 'of-a').replaceAll('KEY', SECRET),
      );
      const absent = await answerOf(
        query
          .replaceAll('JOB', missing.JOB)
          .replaceAll('REQUEST', missing.REQUEST)
          .replaceAll('SCHEDULE', missing.SCHEDULE)
          .replaceAll('KEY', `${SECRET}-2`),
      );
      expect({ field, leaks: foreign.includes(SECRET) }).toEqual({ field, leaks: false });
      // What B itself has started meanwhile differs in its ids and times only in lists.
      if (!['Query.jobs', 'Query.tasks', 'Subscription.overview'].includes(field))
        expect({
          field,
          answer: foreign.replaceAll(requestId, missing.REQUEST).replaceAll(id, missing.JOB).replaceAll('of-a', missing.SCHEDULE),
        }).toEqual({
          field,
          answer: absent,
        });
    }
    expect(await app.engine.reader.job(id)).toEqual(before);
    const own = (await app.as('a', '{ jobs { totalCount nodes { id } } humanRequests { id } schedules { id paused } }')).json().data;
    expect(own).toEqual({
      jobs: { totalCount: 1, nodes: [{ id }] },
      humanRequests: [{ id: requestId }],
      schedules: [{ id: 'of-a', paused: false }],
    });
  });

  it("use the same idempotency keys and cursors without meeting each other's jobs (Q6, Q14)", async () => {
    const app = await start();
    const submit = 'mutation { submitJob(job: { name: "x", options: { idempotencyKey: "same" }, tasks: [] }) { id } }';
    const idFor = async (tenant: string): Promise<string> =>
      ((await app.as(tenant, submit)).json().data as { submitJob: { id: string } }).submitJob.id;
    const [a, b] = [await idFor('a'), await idFor('b')];
    expect(a).not.toBe(b);
    expect(await idFor('a')).toBe(a);
    const cursor = ((await app.as('a', '{ jobs { pageInfo { endCursor } } }')).json().data as { jobs: { pageInfo: { endCursor: string } } })
      .jobs.pageInfo.endCursor;
    const page = await app.as('b', `{ jobs(after: "${cursor}") { nodes { id } } }`);
    expect(page.body).not.toContain(a);
  });

  it('belong to a job that says nothing of them only where it says so: the default tenant is nobody', async () => {
    const app = await start();
    const { id } = await app.engine.submitJob({ name: 'of-nobody', tasks: [] });
    expect((await app.as('a', `{ job(id: "${id}") { id } jobs { totalCount } }`)).json().data).toEqual({
      job: null,
      jobs: { totalCount: 0 },
    });
  });
});

describe('with tenancy', () => {
  it('a caller without a tenant, or with one that is none, is refused everywhere', async () => {
    const app = await start();
    expect((await app.as('', '{ jobs { totalCount } }')).json()).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    expect((await app.as('__proto__', '{ jobs { totalCount } }')).json()).toMatchObject({
      errors: [{ extensions: { code: 'ID_INVALID' } }],
    });
    const socket = await RawSocket.open(app.socketUrl);
    socket.send({ type: 'connection_init' });
    expect(await socket.closed).toMatchObject({ code: 4403 });
  });

  it('boot fails where nobody says which tenant a caller belongs to', async () => {
    await expect(startApp({ taskloom: { api: { tenancy: true } } })).rejects.toThrow('`api.tenancy` needs `api.authorize`');
  });
});

async function first<Item>(stream: AsyncIterable<Item>): Promise<Item | undefined> {
  for await (const item of stream) return item;
  return undefined;
}
