import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { defineAgent, isTerminalTask, type TaskStatus } from '@taskloom/core';
import { VirtualClock } from '@taskloom/core/testing';
import { z } from 'zod';

import { ask, dataOf } from './support/ask.js';
import { ended } from './support/jobs.js';
import { startApp, stopApps, type TestApp } from './support/start-app.js';

const SUBMIT = 'mutation ($job: SubmitJobInput!) { submitJob(job: $job) { id } }';
const ADD = 'mutation ($id: ID!, $tasks: [TaskInput!]!) { addTasks(jobId: $id, tasks: $tasks) { id } }';
const TASK = `query ($id: ID!) { task(id: $id) {
  status statusReason runAt deadline timeout idleTimeout durability output error { code } why { code until limit }
} }`;

const WAYS = ['a task', 'a step', 'an added task'] as const;

let app: TestApp;
let clock: VirtualClock;

beforeEach(async () => {
  clock = new VirtualClock();
  const broken = (): never => {
    throw new Error('broken');
  };
  const fails = defineAgent({ name: 'fails', input: z.unknown(), output: z.string(), execute: broken });
  const failsToo = defineAgent({ name: 'fails-too', input: z.unknown(), output: z.null(), execute: broken });
  const echo = defineAgent({ name: 'echo', input: z.unknown(), output: z.unknown(), execute: (input) => input });
  app = await startApp({
    taskloom: { clock, definitions: [fails, failsToo, echo], namedLimits: { line: { concurrency: 1 } }, grace: 0 },
  });
});
afterEach(async () => {
  app.gate.open();
  await stopApps();
});

const moment = (afterMs: number): string => new Date(clock.now() + afterMs).toISOString();

/** Submits a job of these tasks, and gives its id. */
async function submit(...tasks: readonly object[]): Promise<string> {
  const { submitJob } = await dataOf<{ submitJob: { id: string } }>(app.url, SUBMIT, { job: { name: 'job', tasks } });
  return submitJob.id;
}

/** One task, given in one of the ways in which tasks are given; its id. */
async function given(way: (typeof WAYS)[number], task: object): Promise<string> {
  if (way === 'a task') return `${await submit(task)}:1`;
  if (way === 'a step') {
    const { submitJob } = await dataOf<{ submitJob: { id: string } }>(app.url, SUBMIT, { job: { name: 'job', steps: [task] } });
    return `${submitJob.id}:1`;
  }
  const id = await submit({ key: 'first', agent: 'wait', input: {} });
  const { addTasks } = await dataOf<{ addTasks: { id: string }[] }>(app.url, ADD, { id, tasks: [task] });
  return addTasks[0]!.id;
}

async function shown(id: string): Promise<Record<string, unknown>> {
  return (await dataOf<{ task: Record<string, unknown> }>(app.url, TASK, { id })).task;
}

/** Lets time pass step by step until a task has ended. */
async function endOf(id: string): Promise<Record<string, unknown>> {
  let now = await shown(id);
  while (!isTerminalTask(now['status'] as TaskStatus)) {
    await clock.advance(1);
    now = await shown(id);
  }
  return now;
}

describe('runAt of', () => {
  it.each(WAYS)('%s is shown again, and nothing of it starts before', async (way) => {
    const runAt = moment(60_000);
    const id = await given(way, { key: 'late', agent: 'greet', input: { name: 'Ada' }, runAt });
    await clock.advance(59_999);
    expect(await shown(id)).toMatchObject({ status: 'READY', runAt, why: { code: 'WAITING_START_TIME', until: runAt } });
    await clock.advance(1);
    expect(await endOf(id)).toMatchObject({ status: 'COMPLETED', output: { text: 'Hello, Ada!' } });
  });
});

describe('deadline of', () => {
  it.each(WAYS)('%s is shown again, and ends it', async (way) => {
    const deadline = moment(60_000);
    const id = await given(way, { key: 'slow', agent: 'wait', input: {}, deadline });
    await app.gate.reached;
    await clock.advance(59_999);
    expect(await shown(id)).toMatchObject({ status: 'IN_PROGRESS', deadline });
    await clock.advance(1);
    expect(await endOf(id)).toMatchObject({ status: 'FAILED', statusReason: 'DEADLINE_PASSED', error: { code: 'DEADLINE_EXCEEDED' } });
  });
});

describe('idleTimeout of', () => {
  it.each(WAYS)('%s is shown again, and ends an attempt that goes silent', async (way) => {
    const id = await given(way, { key: 'quiet', agent: 'wait', input: {}, overrides: { idleTimeout: 200 } });
    await app.gate.reached;
    await clock.advance(199);
    expect(await shown(id)).toMatchObject({ status: 'IN_PROGRESS', idleTimeout: 200 });
    await clock.advance(1);
    expect(await endOf(id)).toMatchObject({ status: 'FAILED', error: { code: 'TASK_IDLE' } });
  });
});

describe('atMostOnce', () => {
  it('lets a task wait for a person after a timeout, where it says true', async () => {
    const silent = { agent: 'wait', input: {}, overrides: { timeout: 100, retry: { maxAttempts: 5 } } };
    const id = await submit({ key: 'once', ...silent, atMostOnce: true }, { key: 'more', ...silent, atMostOnce: false });
    await app.gate.reached;
    await clock.advance(100);
    expect(await shown(`${id}:1`)).toMatchObject({ durability: 'AT_MOST_ONCE', status: 'BLOCKED', statusReason: 'MANUAL' });
    expect(await shown(`${id}:2`)).toMatchObject({ durability: 'RETRY', why: { code: 'WAITING_RETRY' } });
  });
});

describe('what stands in for a task that failed', () => {
  it.each([
    ['fails', 'a text'],
    ['fails-too', null],
  ])('is the value that was given: of "%s" %j', async (agent, useValue) => {
    const id = await submit(
      { key: 'a', agent, input: null, useValue },
      { key: 'after', agent: 'echo', input: 'none', refs: [{ at: '', task: 'a' }] },
    );
    expect(await endOf(`${id}:2`)).toMatchObject({ status: 'COMPLETED', output: useValue });
    expect(await shown(`${id}:1`)).toMatchObject({ status: 'COMPLETED', statusReason: 'RECOVERED' });
  });

  it('is the task that it routes to', async () => {
    const id = await submit(
      { key: 'a', agent: 'fails', input: null, routeTo: 'plan-b' },
      { key: 'plan-b', agent: 'echo', input: 'b' },
      { key: 'after', agent: 'echo', input: null, refs: [{ at: '', task: 'a' }] },
    );
    expect(await endOf(`${id}:3`)).toMatchObject({ status: 'COMPLETED', output: 'b' });
    expect(await shown(`${id}:1`)).toMatchObject({ status: 'COMPLETED', statusReason: 'RECOVERED' });
  });
});

describe('limits and concurrencyKey', () => {
  it.each([
    ['a named limit', { limits: ['line'] }, 'limit:line'],
    ['a key', { concurrencyKey: 'customer-7' }, 'key:wait#customer-7'],
  ])('let one task of %s run at a time', async (_what, overrides, limit) => {
    const one = { agent: 'wait', input: {}, overrides };
    const id = await submit({ key: 'a', ...one }, { key: 'b', ...one });
    await app.gate.reached;
    expect(await shown(`${id}:2`)).toMatchObject({ status: 'READY', why: { code: 'WAITING_LIMIT', limit } });
    app.gate.open();
    await ended(app.engine, id);
  });
});

describe('a hole of a map', () => {
  it('takes its fallback where the item has no value', async () => {
    const map = (items: object[]) => ({
      over: { task: 'list' },
      agent: 'echo',
      input: { value: { name: null } },
      items,
      overrides: { idleTimeout: 70_000 },
    });
    const id = await submit(
      { key: 'list', agent: 'echo', input: [{ name: 'Ada' }, {}] },
      { key: 'each', map: map([{ at: '/name', path: '/name', or: 'nobody' }]) },
    );
    expect(await endOf(`${id}:2`)).toMatchObject({ status: 'COMPLETED', output: [{ name: 'Ada' }, { name: 'nobody' }] });
    expect(await shown(`${id}:3`)).toMatchObject({ idleTimeout: 70_000 });
  });
});

describe('a moment or a duration that is none', () => {
  const greet = { key: 'a', agent: 'greet', input: { name: 'Ada' } };
  const codeOf = async (job: object): Promise<string | undefined> => {
    const { errors } = await ask(app.url, SUBMIT, { job: { name: 'job', ...job } });
    return errors[0]?.extensions.code;
  };

  it.each([
    ['no date', 'soon', 'BAD_USER_INPUT'],
    ['a day that there is not', '2026-02-30T00:00:00Z', 'BAD_USER_INPUT'],
    ['a time before 1970', '1969-12-31T23:59:59Z', 'GRAPH_INVALID'],
  ])('is refused alike as deadline and as runAt of tasks and steps: %s', async (_what, value, code) => {
    for (const option of ['deadline', 'runAt']) {
      expect(await codeOf({ tasks: [{ ...greet, [option]: value }] })).toBe(code);
      expect(await codeOf({ steps: [{ ...greet, [option]: value }] })).toBe(code);
    }
  });

  it.each([
    ['below 0', -1, 'OPTIONS_INVALID'],
    ['a text', '30s', 'BAD_USER_INPUT'],
  ])('is refused alike as timeout and as idleTimeout: %s', async (_what, value, code) => {
    for (const option of ['timeout', 'idleTimeout']) {
      expect(await codeOf({ tasks: [{ ...greet, overrides: { [option]: value } }] })).toBe(code);
      expect(await codeOf({ steps: [{ ...greet, overrides: { [option]: value } }] })).toBe(code);
    }
  });

  it('is refused of tasks that join a job', async () => {
    const id = await submit({ key: 'first', agent: 'wait', input: {} });
    const add = async (more: object) => (await ask(app.url, ADD, { id, tasks: [{ ...greet, ...more }] })).errors[0]?.extensions.code;
    expect(await add({ runAt: '1969-12-31T23:59:59Z' })).toBe('GRAPH_INVALID');
    expect(await add({ overrides: { idleTimeout: -1 } })).toBe('OPTIONS_INVALID');
    expect(await add({ overrides: { limits: ['lime'] } })).toBe('UNKNOWN_LIMIT');
  });
});

describe('an idempotency key', () => {
  it('stands for the moments of tasks as well', async () => {
    const job = (runAt: string) => ({
      name: 'job',
      options: { idempotencyKey: 'k' },
      tasks: [{ key: 'a', agent: 'greet', input: { name: 'Ada' }, runAt }],
    });
    const first = await dataOf(app.url, SUBMIT, { job: job('2030-01-01T12:00:00Z') });
    expect(await dataOf(app.url, SUBMIT, { job: job('2030-01-01T13:00:00+01:00') })).toEqual(first);
    const { errors } = await ask(app.url, SUBMIT, { job: job('2030-01-01T13:00:00Z') });
    expect(errors).toMatchObject([{ extensions: { code: 'IDEMPOTENCY_CONFLICT' } }]);
  });
});
