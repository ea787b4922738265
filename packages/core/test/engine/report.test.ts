import { describe, expect, it } from '@jest/globals';

import { FatalError, type Engine, type JobReport, type TaskReport } from '../../src/index.js';
import { agent, echo } from '../helpers/agents.js';
import { forever, Gate } from '../helpers/gate.js';
import { ended, refusal, tasksOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import { VirtualClock } from '../helpers/virtual-clock.js';

const lab = useLab();
const HOUR = 3_600_000;

const ofKey = ({ tasks }: JobReport, key: string): TaskReport => tasks.find((task) => task.key === key)!;
const endsOf = (report: JobReport, key: string): unknown[] => ofKey(report, key).runs.map(({ attempt, end }) => [attempt, end]);

describe('the report of a job', () => {
  it('tells of each task how often and how long it ran, how each run ended, and what it failed with', async () => {
    const clock = new VirtualClock();
    const slow = agent(
      'slow',
      async (ms: number, ctx) => {
        await new Promise<void>((resolve) => clock.schedule(ms, resolve));
        if (ctx.attempt.number === 1) throw new Error('not yet');
      },
      { retry: { maxAttempts: 2, delay: '1m' } },
    );
    const asks = agent('asks', (n: number, ctx) => ctx.need(echo, n));
    const broken = agent('broken', () => {
      throw new FatalError('never');
    });
    const engine = await lab.start([slow, asks, broken, echo], { clock });
    const handle = await engine.submitJob({
      name: 'job',
      options: { failureStrategy: 'skip' },
      tasks: [
        { key: 'slow', agent: 'slow', input: 2_000 },
        { key: 'asks', agent: 'asks', input: 1 },
        { key: 'broken', agent: 'broken' },
        { key: 'after', agent: 'echo', input: 2, dependsOn: ['broken'] },
      ],
    });
    await clock.runUntil(ended(engine, handle.id));
    const report = await engine.jobReport(handle.id);

    expect(report.job).toMatchObject({ status: 'COMPLETED', success: false });
    expect(report.tookMs).toBe(report.job.finishedAt! - report.job.startedAt!);
    expect(report.tasks.map(({ key }) => key)).toEqual(['objective', 'slow', 'asks', 'broken', 'after', 'asks.echo']);
    expect(endsOf(report, 'slow')).toEqual([
      [1, 'TASK_RETRY_SCHEDULED'],
      [2, 'TASK_COMPLETED'],
    ]);
    expect(ofKey(report, 'slow')).toMatchObject({ status: 'COMPLETED', attempts: 2, ranMs: 4_000 });
    expect(ofKey(report, 'slow').runs[0]!.error).toMatchObject({ message: 'not yet' });
    expect(endsOf(report, 'asks')).toEqual([
      [1, 'TASK_SUSPENDED'],
      [1, 'TASK_COMPLETED'],
    ]);
    expect(endsOf(report, 'broken')).toEqual([[1, 'TASK_FAILED']]);
    expect(ofKey(report, 'broken')).toMatchObject({ status: 'FAILED', error: { message: 'never' } });
    expect(ofKey(report, 'after')).toMatchObject({ status: 'SKIPPED', attempts: 0, runs: [], ranMs: 0 });
    expect(report.ranMs).toBe(report.tasks.reduce((sum, { ranMs }) => sum + ranMs, 0));
    expect(report.tasksLeftOut).toBe(0);
  });

  it('tells of one that goes on what it has come to', async () => {
    const clock = new VirtualClock();
    const gate = new Gate();
    const engine = await lab.start([agent('waits', () => gate.pass()), echo], { clock });
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'waits', agent: 'waits' },
        { key: 'after', agent: 'echo', dependsOn: ['waits'] },
      ],
    });
    await gate.reached();
    await clock.advance(5_000);
    const report = await engine.jobReport(handle.id);

    expect(report).toMatchObject({ job: { status: 'RUNNING' }, tookMs: 5_000, ranMs: 5_000 });
    expect(ofKey(report, 'waits').runs).toEqual([
      { attempt: 1, startedAt: expect.any(Number), endedAt: null, end: null, endedBy: null, timedOut: false, error: null },
    ]);
    expect(ofKey(report, 'after').status).toBe('PENDING');
    gate.open();
    await handle.result();
  });

  it('of a cancelled job ends every run with it, however many there were', async () => {
    const gate = new Gate();
    const stuck = agent('stuck', () => (void gate.pass(), forever()), { timeout: 0 });
    const engine = await lab.start([stuck], { maxParallel: 150, grace: 0 });
    const handle = await engine.submitJob({
      name: 'job',
      tasks: Array.from({ length: 150 }, (_, n) => ({ key: `t${n}`, agent: 'stuck' })),
    });
    await gate.reached(150);
    const { finishedAt } = await handle.cancel();
    const report = await engine.jobReport(handle.id);

    expect(report.tasks).toHaveLength(151);
    for (const { key, runs } of report.tasks.slice(1)) expect([key, runs.map(({ endedAt }) => endedAt)]).toEqual([key, [finishedAt]]);
  });

  it('of a task that was cancelled among very many and reopened does not count until now what ended then', async () => {
    const clock = new VirtualClock();
    const gate = new Gate();
    const tries = agent('tries', (_: never, ctx) => (ctx.attempt.reason === 'FIRST' ? (void gate.pass(), forever()) : null), {
      timeout: 0,
    });
    const engine = await lab.start([tries, agent('holds', () => forever(), { timeout: 0 })], { maxParallel: 200, grace: 0, clock });
    const many = Array.from({ length: 150 }, (_, n) => ({ key: `t${n}`, agent: 'tries', parent: 'story' }));
    const { id } = await engine.submitJob({
      name: 'job',
      tasks: [{ key: 'story', type: 'STORY' }, { key: 'holds', agent: 'holds' }, ...many],
    });
    await gate.reached(150);
    const tasks = await tasksOf(engine, id);
    await engine.cancelTask(tasks.get('story')!.id);
    await clock.advance(HOUR);
    await engine.retryTask(tasks.get('t149')!.id);
    await clock.advance(HOUR);
    const { runs, ranMs, status } = ofKey(await engine.jobReport(id), 't149');

    expect([status, runs.map(({ end }) => end), ranMs]).toEqual(['COMPLETED', [null, 'TASK_COMPLETED'], 0]);
    await engine.cancelJob(id);
  });

  it('tells of 1,000 tasks, or as many as are asked for', async () => {
    const engine = await lab.start([echo]);
    const { id } = await submitMany(engine, 1_200);
    expect(await engine.jobReport(id)).toMatchObject({ tasks: { length: 1_000 }, tasksLeftOut: 201 });
    expect(await engine.jobReport(id, { maxTasks: 1 })).toMatchObject({ tasks: { length: 1 }, tasksLeftOut: 1_200 });
    expect(await engine.jobReport(id, { maxTasks: 5_000 })).toMatchObject({ tasks: { length: 1_201 }, tasksLeftOut: 0 });
    for (const maxTasks of [0, -1, 1.5, Number.NaN, 100_001, Symbol('x') as never, '5' as never])
      expect(await refusal(engine.jobReport(id, { maxTasks }))).toMatchObject({ code: 'OPTIONS_INVALID' });
  });

  it('is not there for a job that is not there', async () => {
    const engine = await lab.start([echo]);
    expect(await refusal(engine.jobReport('nobody'))).toMatchObject({ code: 'NOT_FOUND' });
  });
});

async function submitMany(engine: Engine, count: number): Promise<{ readonly id: string }> {
  const handle = await engine.submitJob({
    name: 'job',
    tasks: Array.from({ length: count }, (_, n) => ({ key: `t${n}`, agent: 'echo', input: n })),
  });
  await handle.result();
  return handle;
}
