import { afterEach, describe, expect, it } from '@jest/globals';
import { defineAgent, type Engine } from '@taskloom/core';
import { z } from 'zod';

import { ask, dataOf } from './support/ask.js';
import { ended } from './support/jobs.js';
import { startApp, stopApps, type TestApp } from './support/start-app.js';
import { closeSockets, watch } from './support/watch.js';

afterEach(async () => {
  await closeSockets();
  await stopApps();
});

const Decision = z.object({ approved: z.boolean() });

/** Asks a person and gives what was answered. */
const Approve = defineAgent({
  name: 'approve',
  input: z.object({}),
  output: z.object({ approved: z.boolean() }),
  execute: async (_input, ctx) => {
    const { answer } = await ctx.ask('approve', { question: 'Shall it go out?', about: { price: 12 }, schema: Decision });
    return answer ?? { approved: false };
  },
});

/** Its result is looked at by a person. */
const Draft = defineAgent({
  name: 'draft',
  input: z.object({}),
  output: z.object({ text: z.string() }),
  review: 'manual',
  execute: (_input, ctx) => ({ text: `draft ${ctx.attempt.number} ${ctx.attempt.feedback ?? ''}`.trim() }),
});

const start = (): Promise<TestApp> => startApp({ taskloom: { definitions: [Approve, Draft] } });
const task = (key: string, agent: string, more: object = {}) => ({ key, agent, input: agent === 'greet' ? { name: 'x' } : {}, ...more });

async function idOf(engine: Engine, jobId: string, key: string): Promise<string> {
  const { items } = await engine.reader.tasks({ jobId }, { first: 100 });
  return items.find((found) => found.key === key)!.id;
}

/** Resolves when a task stands so. */
async function stands(engine: Engine, id: string, status: string): Promise<void> {
  const [jobId] = id.split(':');
  const isThere = async () => (await engine.reader.task(id))?.status === status;
  for await (const event of engine.events(jobId!)) {
    void event;
    if (await isThere()) return;
  }
  if (!(await isThere())) throw new Error(`task ${id} never was ${status}`);
}

const codeOf = async (url: string, query: string, variables: object = {}): Promise<string | undefined> =>
  (await ask(url, query, variables)).errors[0]?.extensions.code;

describe('a job', () => {
  it('that is cancelled says so in the history of each task, and says when its attempt ended', async () => {
    const { url, engine } = await start();
    const { id } = await engine.submitJob({ name: 'x', tasks: [task('asks', 'approve'), task('later', 'greet', { dependsOn: ['asks'] })] });
    await stands(engine, await idOf(engine, id, 'asks'), 'BLOCKED');
    await dataOf(url, `mutation { cancelJob(id: "${id}", reason: "no money") { status } }`);
    await ended(engine, id);
    const { tasks } = await dataOf<{ tasks: { nodes: { key: string; history: { type: string }[]; attempts: { endedAt: string }[] }[] } }>(
      url,
      `{ tasks(filter: { jobId: "${id}" }) { nodes { key history { type } attempts { endedAt } } } }`,
    );
    const of = new Map(tasks.nodes.map((node) => [node.key, node]));
    expect(of.get('later')!.history).toEqual([{ type: 'TASKS_CANCELLED' }]);
    expect(of.get('asks')!.history.at(-1)).toEqual({ type: 'TASKS_CANCELLED' });
    expect(of.get('asks')!.attempts).toEqual([{ endedAt: expect.any(String) }]);
  });

  it('waits for its confirmation', async () => {
    const { url, engine } = await start();
    const { startWorkflow } = await dataOf<{ startWorkflow: { id: string; status: string } }>(
      url,
      'mutation { startWorkflow(name: "welcome", input: { name: "Ada" }, options: { confirm: true }) { id status } }',
    );
    expect(startWorkflow.status).toBe('AWAITING_CONFIRMATION');
    await dataOf(url, 'mutation ($id: ID!) { confirmJob(id: $id) { status } }', startWorkflow);
    await ended(engine, startWorkflow.id);
    expect((await engine.reader.job(startWorkflow.id))?.status).toBe('COMPLETED');
    expect(await codeOf(url, 'mutation ($id: ID!) { confirmJob(id: $id) { id } }', startWorkflow)).toBe('ILLEGAL_MOVE');
  });

  it('is paused and goes on, with who and why in its events', async () => {
    const { url, engine, gate } = await start();
    const { id } = await engine.submitJob({ name: 'long', tasks: [task('a', 'wait'), task('b', 'greet', { dependsOn: ['a'] })] });
    await gate.reached;
    const paused = await dataOf(url, 'mutation ($id: ID!) { pauseJob(id: $id, reason: "lunch") { status } }', { id });
    expect(paused).toEqual({ pauseJob: { status: 'PAUSED' } });
    gate.open();
    await stands(engine, await idOf(engine, id, 'a'), 'COMPLETED');
    expect((await engine.reader.task(await idOf(engine, id, 'b')))?.status).not.toBe('COMPLETED');
    await dataOf(url, 'mutation ($id: ID!) { resumeJob(id: $id) { status } }', { id });
    await ended(engine, id);
    const { events } = await dataOf<{ events: { data: { reason?: string } }[] }>(url, 'query ($id: ID!) { events(jobId: $id) { data } }', {
      id,
    });
    expect(events.map(({ data }) => data.reason)).toContain('lunch');
  });

  it('grows by tasks and dependencies from outside, all or none', async () => {
    const { url, engine, gate } = await start();
    const { id } = await engine.submitJob({ name: 'growing', tasks: [task('a', 'wait'), task('later', 'greet', { dependsOn: ['a'] })] });
    await gate.reached;
    const { addTasks } = await dataOf<{ addTasks: { id: string; key: string }[] }>(
      url,
      'mutation ($id: ID!) { addTasks(jobId: $id, tasks: [{ key: "new", agent: "greet", input: { name: "y" }, dependsOn: [{ task: "a" }] }]) { id key } }',
      { id },
    );
    expect(addTasks.map(({ key }) => key)).toEqual(['new']);
    const dependent = await dataOf(
      url,
      'mutation ($a: ID!, $b: ID!) { addDependency(taskId: $a, dependsOn: $b) { dependencies { key } } }',
      {
        a: await idOf(engine, id, 'later'),
        b: addTasks[0]!.id,
      },
    );
    expect(dependent).toEqual({ addDependency: { dependencies: [{ key: 'a' }, { key: 'new' }] } });
    const circle = await codeOf(url, 'mutation ($a: ID!, $b: ID!) { addDependency(taskId: $a, dependsOn: $b) { id } }', {
      a: addTasks[0]!.id,
      b: await idOf(engine, id, 'later'),
    });
    expect(circle).toBe('GRAPH_CYCLE');
    expect(
      await codeOf(
        url,
        'mutation ($id: ID!) { addTasks(jobId: $id, tasks: [{ key: "ok", agent: "greet", input: { name: "y" } }, { key: "bad", agent: "nobody" }]) { id } }',
        { id },
      ),
    ).toBe('UNKNOWN_AGENT');
    gate.open();
    await ended(engine, id);
    expect(await engine.reader.countTasks({ jobId: id })).toBe(4);
    expect(
      await codeOf(
        url,
        'mutation ($id: ID!) { addTasks(jobId: $id, tasks: [{ key: "late", agent: "greet", input: { name: "y" } }]) { id } }',
        { id },
      ),
    ).toBe('JOB_CLOSED');
  });
});

describe('a task', () => {
  it('is skipped, cancelled, paused and resumed', async () => {
    const { url, engine, gate } = await start();
    const { id } = await engine.submitJob({
      name: 'steered',
      options: { failureStrategy: 'continue' },
      tasks: [
        task('gate', 'wait'),
        ...['skip', 'cancel', 'pause'].map((key) => task(key, 'greet', { dependsOn: [{ task: 'gate', mode: 'settled' as const }] })),
      ],
    });
    await gate.reached;
    const move = async (mutation: string, key: string) =>
      dataOf(url, `mutation ($id: ID!) { ${mutation}(id: $id, reason: "so") { status held } }`, { id: await idOf(engine, id, key) });
    expect(await move('skipTask', 'skip')).toEqual({ skipTask: { status: 'SKIPPED', held: false } });
    expect(await move('cancelTask', 'cancel')).toEqual({ cancelTask: { status: 'CANCELLED', held: false } });
    expect(await move('pauseTask', 'pause')).toMatchObject({ pauseTask: { held: true } });
    gate.open();
    await stands(engine, await idOf(engine, id, 'gate'), 'COMPLETED');
    expect(await move('resumeTask', 'pause')).toMatchObject({ resumeTask: { held: false } });
    await ended(engine, id);
    expect((await engine.reader.task(await idOf(engine, id, 'pause')))?.status).toBe('COMPLETED');
    expect(await move('retryTask', 'pause')).toMatchObject({ retryTask: { held: false } });
  });

  it('under review is rejected with a reason that it gets, then accepted', async () => {
    const { url, engine } = await start();
    const { id } = await engine.submitJob({ name: 'reviewed', tasks: [task('draft', 'draft')] });
    const draft = await idOf(engine, id, 'draft');
    await stands(engine, draft, 'BLOCKED');
    await dataOf(url, 'mutation ($id: ID!) { rejectTask(id: $id, reason: "too short") { status } }', { id: draft });
    const texts: unknown[] = [];
    while (texts.length === 0) {
      await stands(engine, draft, 'BLOCKED');
      const { task: found } = await dataOf<{ task: { output: { text: string } | null; rejections: number } }>(
        url,
        'query ($id: ID!) { task(id: $id) { output rejections } }',
        { id: draft },
      );
      if (found.output?.text.includes('too short')) texts.push(found);
    }
    expect(texts).toMatchObject([{ rejections: 1 }]);
    expect(await dataOf(url, 'mutation ($id: ID!) { acceptTask(id: $id) { status } }', { id: draft })).toEqual({
      acceptTask: { status: 'ACCEPTED' },
    });
    expect(await codeOf(url, 'mutation ($id: ID!) { acceptTask(id: $id) { status } }', { id: draft })).toBe('ILLEGAL_MOVE');
  });

  it('says why it waits, what holds it back and what moves it on', async () => {
    const { url, engine, gate } = await start();
    const { id } = await engine.submitJob({ name: 'why', tasks: [task('a', 'wait'), task('b', 'greet', { dependsOn: ['a'] })] });
    await gate.reached;
    const { job } = await dataOf<{ job: { tasks: { nodes: { key: string; why: object }[] } } }>(
      url,
      'query ($id: ID!) { job(id: $id) { tasks { nodes { key why { code message remedy blockers limit until requests agent { name by message wanted standsInFor } } } } } }',
      { id },
    );
    expect(job.tasks.nodes.find(({ key }) => key === 'b')?.why).toEqual({
      code: 'WAITING_DEPENDENCIES',
      message: expect.any(String),
      remedy: expect.any(String),
      blockers: [await idOf(engine, id, 'a')],
      limit: null,
      until: null,
      requests: [],
      agent: { name: 'greet', by: 'NAME', message: expect.any(String), wanted: null, standsInFor: null },
    });
    expect(job.tasks.nodes.find(({ key }) => key === 'a')?.why).toMatchObject({ code: 'RUNNING' });
    gate.open();
  });

  it('that is not there is refused by every mutation', async () => {
    const { url } = await start();
    for (const mutation of ['retryTask', 'skipTask', 'cancelTask', 'pauseTask', 'resumeTask', 'acceptTask'])
      expect(await codeOf(url, `mutation { ${mutation}(id: "none:1") { id } }`)).toBe('NOT_FOUND');
    expect(await codeOf(url, 'mutation { skipTask(id: "nonsense") { id } }')).toBe('ID_INVALID');
  });
});

interface Question {
  id: string;
  status: string;
  question: string;
  answerSchema: unknown;
  requestHash: string;
}

describe('a question to a person', () => {
  const FIELDS = 'id jobId taskKey kind question about answerSchema status requestHash answer answeredBy onTimeout';
  const OPEN = `{ humanRequests { ${FIELDS} } }`;
  const ANSWER = `mutation ($id: ID!, $answer: JSON!, $hash: String) { answerHumanRequest(id: $id, answer: $answer, requestHash: $hash) { ${FIELDS} } }`;

  async function asked(app: TestApp): Promise<{ jobId: string; question: Question }> {
    const { id: jobId } = await app.engine.submitJob({ name: 'asking', tasks: [task('approve', 'approve')] });
    for await (const { data } of watch<{ humanRequested: Question }>(
      app.socketUrl,
      `subscription { humanRequested(jobId: "${jobId}") { ${FIELDS} } }`,
    ))
      return { jobId, question: data!.humanRequested };
    throw new Error('nobody asked');
  }

  it('is pushed when it is asked and when it is closed, and listed with the schema of its answer', async () => {
    const app = await start();
    const { jobId, question } = await asked(app);
    expect(question).toMatchObject({
      jobId,
      taskKey: 'approve',
      kind: 'QUESTION',
      question: 'Shall it go out?',
      about: { price: 12 },
      status: 'OPEN',
      answer: null,
      answerSchema: { properties: { approved: { type: 'boolean' } } },
    });
    expect(await dataOf(app.url, OPEN)).toMatchObject({ humanRequests: [{ id: question.id }] });

    const seen: string[] = [];
    for await (const { data } of watch<{ humanRequested: Question }>(
      app.socketUrl,
      `subscription { humanRequested(jobId: "${jobId}") { status } }`,
    )) {
      seen.push(data!.humanRequested.status);
      if (data!.humanRequested.status === 'OPEN')
        await dataOf(app.url, ANSWER, { id: question.id, answer: { approved: true }, hash: question.requestHash });
    }
    expect(seen).toEqual(['OPEN', 'ANSWERED']);
    await ended(app.engine, jobId);
    expect(
      await dataOf(
        app.url,
        'query ($id: ID!) { humanRequest(id: $id) { status answer answeredBy } job: humanRequests(open: false) { id } }',
        question,
      ),
    ).toEqual({
      humanRequest: { status: 'ANSWERED', answer: { approved: true }, answeredBy: 'user' },
      job: [{ id: question.id }],
    });
    expect(await dataOf(app.url, 'query ($id: ID!) { job(id: $id) { status } }', { id: jobId })).toEqual({ job: { status: 'COMPLETED' } });
  });

  it('Q16: refuses an answer that does not fit, to a question that reads differently, and a second one', async () => {
    const app = await start();
    const { question } = await asked(app);
    const wrong = await ask(app.url, ANSWER, { id: question.id, answer: { approved: 'yes' } });
    expect(wrong.errors).toMatchObject([{ extensions: { code: 'INPUT_SCHEMA', details: { issues: [{ path: '/approved' }] } } }]);
    for (const hash of ['stale', ''])
      expect(await codeOf(app.url, ANSWER, { id: question.id, answer: { approved: true }, hash })).toBe('REQUEST_CHANGED');
    await dataOf(app.url, ANSWER, { id: question.id, answer: { approved: true } });
    expect(await codeOf(app.url, ANSWER, { id: question.id, answer: { approved: false } })).toBe('REQUEST_CLOSED');
    expect(await codeOf(app.url, ANSWER, { id: 'none', answer: {} })).toBe('NOT_FOUND');
  });

  it('Q16: takes one of two answers that come at the same time, and refuses the other', async () => {
    const app = await start();
    const { question } = await asked(app);
    const codes = await Promise.all([true, false].map((approved) => codeOf(app.url, ANSWER, { id: question.id, answer: { approved } })));
    expect(codes.sort()).toEqual(['REQUEST_CLOSED', undefined]);
  });

  it('is hidden from, and closed to, those who may not see its job', async () => {
    const app = await startApp({
      taskloom: {
        definitions: [Approve],
        api: { authorize: { caller: ({ headers }) => ({ name: headers.authorization ?? 'nobody' }), job: ({ name }) => name === 'ada' } },
      },
    });
    const { id } = await app.engine.submitJob({ name: 'asking', tasks: [task('approve', 'approve')] });
    await stands(app.engine, await idOf(app.engine, id, 'approve'), 'BLOCKED');
    const [request] = (await app.engine.reader.humanRequests({ jobId: id }, { first: 1 })).items;
    expect(await dataOf(app.url, OPEN)).toEqual({ humanRequests: [] });
    expect(await codeOf(app.url, ANSWER, { id: request!.id, answer: { approved: true } })).toBe('NOT_FOUND');
    expect((await app.engine.reader.humanRequest(request!.id))?.status).toBe('OPEN');
  });
});
