import { afterEach, describe, expect, it } from '@jest/globals';
import type { JobReport } from '@taskloom/core';

import type { AuthorizeHooks, TaskloomModuleOptions } from '../src/index.js';
import { Flaky } from './support/agents.js';
import { ask, dataOf } from './support/ask.js';
import { ended } from './support/jobs.js';
import { startApp, stopApps, type TestApp } from './support/start-app.js';

afterEach(stopApps);

interface Reported {
  readonly tookMs: number | null;
  readonly ranMs: number;
  readonly tasksLeftOut: number;
  readonly tasks: readonly {
    readonly taskId: string;
    readonly key: string;
    readonly ranMs: number;
    readonly attempts: readonly {
      readonly number: number;
      readonly status: string;
      readonly startedAt: string;
      readonly endedAt: string;
    }[];
  }[];
}

const REPORT = `query ($id: ID!, $first: Int) { job(id: $id) { report(first: $first) { tookMs ranMs tasksLeftOut tasks {
  taskId key name type agent status statusReason statusMessage error { code message } summary attempt ranMs
  attempts { number status startedAt endedAt error { code } } } } } }`;

async function start(
  api: TaskloomModuleOptions['api'] = {},
): Promise<TestApp & { report: (id: string, first?: number) => Promise<Reported> }> {
  const app = await startApp({ taskloom: { api } });
  const report = async (id: string, first?: number): Promise<Reported> =>
    (await dataOf<{ job: { report: Reported } }>(app.url, REPORT, { id, first })).job.report;
  return { ...app, report };
}

const TWICE = { maxAttempts: 2, kind: 'none', delayMs: 0, maxDelayMs: 0, factor: 2, jitter: 0 } as const;

/** One task completes, one fails at both attempts, one is skipped by that. */
async function mixedJob({ engine }: TestApp): Promise<string> {
  Flaky.broken = true;
  const { id } = await engine.submitJob({
    name: 'mixed',
    tasks: [
      { key: 'good', agent: 'greet', input: { name: 'Ada' } },
      { key: 'bad', agent: 'flaky', input: {}, overrides: { retry: TWICE }, failureStrategy: 'skip' },
      { key: 'after', agent: 'greet', input: { name: 'Bob' }, dependsOn: ['bad'] },
    ],
  });
  await ended(engine, id);
  return id;
}

const isoOf = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

describe("a job's report", () => {
  it('tells what the engine’s report tells', async () => {
    const app = await start();
    const id = await mixedJob(app);
    const expected: JobReport = await app.engine.jobReport(id);
    expect(await app.report(id)).toEqual({
      tookMs: expected.tookMs,
      ranMs: expected.ranMs,
      tasksLeftOut: 0,
      tasks: expected.tasks.map(({ id: taskId, attempts: attempt, runs, error, cost: _cost, totalCost: _totalCost, ...task }) => ({
        ...task,
        taskId,
        attempt,
        error: error && { code: error.code, message: error.message },
        attempts: runs
          .map((run) => ({
            number: run.attempt,
            status: run.error ? 'FAILED' : 'COMPLETED',
            startedAt: isoOf(run.startedAt),
            endedAt: isoOf(run.endedAt),
            error: run.error && { code: run.error.code },
          }))
          .toReversed(),
      })),
    });
    const { tasks } = await app.report(id);
    expect(tasks.map(({ key, attempts }) => [key, ...attempts.map(({ number, status }) => `${number} ${status}`)])).toEqual([
      [expect.any(String), '1 COMPLETED'],
      ['good', '1 COMPLETED'],
      ['bad', '2 FAILED', '1 FAILED'],
      ['after'],
    ]);
  });

  it('tells of a job that runs what has come of it so far', async () => {
    const app = await start();
    const { id } = await app.engine.submitJob({ name: 'waits', tasks: [{ key: 'w', agent: 'wait', input: {} }] });
    await app.gate.reached;
    const { tookMs, tasks } = await app.report(id);
    expect(tookMs).toEqual(expect.any(Number));
    expect(tasks[1]).toMatchObject({ key: 'w', status: 'IN_PROGRESS', attempts: [{ number: 1, status: 'RUNNING', endedAt: null }] });
    app.gate.open();
  });

  it('is bounded, and says how much it leaves out', async () => {
    const app = await start();
    const id = await mixedJob(app);
    expect(await app.report(id, 3)).toMatchObject({ tasks: [{}, { key: 'good' }, { key: 'bad' }], tasksLeftOut: 1 });
    for (const first of [0, 1_001]) {
      const { errors } = await ask(app.url, REPORT, { id, first });
      expect(errors).toMatchObject([{ extensions: { code: 'PAGE_SIZE', details: { max: 1_000 } } }]);
    }
    expect((await ask(app.url, REPORT, { id, first: 1_000 })).errors).toEqual([]);
  });

  it('is charged by what it reads and tells', async () => {
    // Four tasks, four attempts, and what reading their events costs.
    const enough = await start({ limits: { nodes: 9 } });
    expect((await ask(enough.url, REPORT, { id: await mixedJob(enough) })).errors).toEqual([]);
    const tooFew = await start({ limits: { nodes: 8 } });
    expect((await ask(tooFew.url, REPORT, { id: await mixedJob(tooFew) })).errors).toMatchObject([
      { extensions: { code: 'QUERY_TOO_COSTLY' } },
    ]);
  });
});

describe('to a caller who may not see all, the report', () => {
  const hiding = (hooks: Partial<AuthorizeHooks>): TaskloomModuleOptions['api'] => ({ authorize: { caller: () => true, ...hooks } });

  it('tells nothing of hidden tasks, nor of the time they took', async () => {
    const app = await start(hiding({ task: (_caller, task) => task.key !== 'bad' }));
    const id = await mixedJob(app);
    const { tasks, ranMs, tasksLeftOut } = await app.report(id);
    expect(tasks.map(({ key }) => key)).toEqual([expect.any(String), 'good', 'after']);
    expect({ ranMs, tasksLeftOut }).toEqual({ ranMs: tasks.reduce((sum, task) => sum + task.ranMs, 0), tasksLeftOut: 0 });
  });

  it('tells attempts only by events that are shown', async () => {
    const started = await start(hiding({ event: (_caller, { type }) => type !== 'TASK_STARTED' }));
    const unseen = await started.report(await mixedJob(started));
    expect(unseen.tasks.map(({ attempts, ranMs }) => [attempts, ranMs])).toEqual(unseen.tasks.map(() => [[], 0]));

    const whole = await start(hiding({ event: () => true }));
    const id = await mixedJob(whole);
    const { ranMs, tasks } = await whole.engine.jobReport(id);
    const seen = await whole.report(id);
    expect([seen.ranMs, seen.tasks.map((task) => [task.attempts.length, task.ranMs])]).toEqual([
      ranMs,
      tasks.map((task) => [task.runs.length, task.ranMs]),
    ]);
  });

  it('counts the time of an attempt that runs, as for others', async () => {
    const app = await start(hiding({ event: () => true }));
    const { id } = await app.engine.submitJob({ name: 'waits', tasks: [{ key: 'w', agent: 'wait', input: {} }] });
    await app.gate.reached;
    const report = await app.report(id);
    const { startedAt } = report.tasks[1]!.attempts[0]!;
    const { startedAt: begun } = (await app.engine.reader.job(id))!;
    expect(report.tasks[1]!.ranMs).toBe(begun! + report.tookMs! - Date.parse(startedAt));
    app.gate.open();
  });

  it('does not exist where the job does not', async () => {
    const app = await start(hiding({ job: () => false }));
    expect(await dataOf(app.url, REPORT, { id: await mixedJob(app) })).toEqual({ job: null });
  });
});
