import { describe, expect, it } from '@jest/globals';

import { agent, echo } from '../helpers/agents.js';
import { ended, eventsOf, statusesOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import { VirtualClock } from '../helpers/virtual-clock.js';

const lab = useLab();

describe('a circuit breaker', () => {
  const circuitBreaker = { failureRate: 0.5, attempts: 4, window: '1m', cooldown: '30s' } as const;

  it('lets the tasks of a failing agent wait, tries one, and goes on when it succeeds', async () => {
    const clock = new VirtualClock();
    const calls: number[] = [];
    let isDown = true;
    const mail = agent(
      'mail',
      () => {
        calls.push(clock.monotonic());
        if (isDown) throw new Error('the server is down');
      },
      { retry: { maxAttempts: 3, backoff: 'none' }, concurrency: 1 },
    );
    const lines: string[] = [];
    const ignore = (): void => undefined;
    const log = (message: string): void => void lines.push(message);
    const engine = await lab.start([mail, echo], {
      clock,
      guards: { circuitBreaker },
      logger: { debug: ignore, info: log, warn: log, error: ignore },
    });
    const job = await engine.submitJob({
      name: 'j',
      options: { failureStrategy: 'continue' },
      tasks: Array.from({ length: 5 }, (_, no) => ({ key: `t${no}`, agent: 'mail', failureStrategy: 'continue' as const })),
    });
    const other = await engine.submitJob({ name: 'other', tasks: [{ key: 'e', agent: 'echo' }] });
    await clock.advanceUntil(other.result());
    await clock.advance(1_000);

    // Four attempts, the one that was started in the same moment as the fourth was known to have failed, and no more of fifteen.
    expect(calls).toHaveLength(5);
    const waiting = Object.entries(await statusesOf(engine, job.id)).filter(([, status]) => status.startsWith('READY'));
    expect(waiting.length).toBeGreaterThan(0);
    const tasks = await engine.reader.tasks({ jobId: job.id, status: ['READY'] }, { first: 1 });
    expect(await engine.why(tasks.items[0]!.id)).toMatchObject({
      code: 'WAITING_LIMIT',
      limit: 'breaker:mail',
      until: clock.now() + 29_000,
    });
    expect(engine.limitGauges().find(({ kind }) => kind === 'breaker')).toMatchObject({
      limit: 'breaker:mail',
      capacity: 0,
      waiting: waiting.length,
    });

    await clock.advance(29_000);
    expect(calls).toHaveLength(6);
    isDown = false;
    await clock.advance(30_000);
    await clock.runUntil(ended(engine, job.id));
    expect(calls.slice(5, 7)).toEqual([30_000, 60_000]);
    expect(Object.values(await statusesOf(engine, job.id)).filter((status) => status.startsWith('COMPLETED')).length).toBeGreaterThan(2);
    expect(engine.limitGauges().some(({ kind }) => kind === 'breaker')).toBe(false);
    expect(lines.filter((line) => /attempt/.test(line))).toEqual([
      'Too many attempts of an agent failed: its tasks wait, then one of them is tried.',
      'Too many attempts of an agent failed: its tasks wait, then one of them is tried.',
      'An attempt succeeded: tasks of the agent are started again.',
    ]);
  });

  it('holds also for tasks with demands of their own, and lets other agents pass', async () => {
    const clock = new VirtualClock();
    let calls = 0;
    const bad = agent('bad', () => {
      calls += 1;
      throw new Error('bad');
    });
    const engine = await lab.start([bad, echo], { clock, pools: { cpu: 8 }, maxParallel: 1, guards: { circuitBreaker } });
    const job = await engine.submitJob({
      name: 'j',
      tasks: Array.from({ length: 8 }, (_, no) => ({
        key: `t${no}`,
        agent: 'bad',
        failureStrategy: 'continue' as const,
        resources: { cpu: 1 },
      })),
    });
    await clock.advance(1_000);
    expect(calls).toBe(5);
    const other = await engine.submitJob({ name: 'other', tasks: [{ key: 'e', agent: 'echo' }] });
    await clock.advanceUntil(other.result());
    await engine.cancelJob(job.id);
  });

  it('is there only where it was asked for', async () => {
    const bad = agent('bad', () => Promise.reject(new Error('bad')));
    const engine = await lab.start([bad]);
    const job = await engine.submitJob({
      name: 'j',
      tasks: Array.from({ length: 20 }, (_, no) => ({ key: `t${no}`, agent: 'bad', failureStrategy: 'continue' as const })),
    });
    await ended(engine, job.id);
    expect(engine.metrics().agents[0]).toMatchObject({ failed: 20 });
  });
});

describe('failures in a row', () => {
  const bad = agent('bad', () => Promise.reject(new Error('bad')));
  const chain = (length: number) =>
    Array.from({ length }, (_, no) => ({
      key: `t${no}`,
      agent: 'bad',
      failureStrategy: 'continue' as const,
      ...(no === 0 ? {} : { dependsOn: [{ task: `t${no - 1}`, mode: 'settled' as const }] }),
    }));

  it('end their job with CASCADE_ABORTED and the chain, as it was decided also after a restart', async () => {
    const engine = await lab.start([bad], { guards: { cascadeAfter: 3 } });
    const job = await engine.submitJob({ name: 'j', tasks: chain(5) });
    const { status, error } = await ended(engine, job.id);
    expect(status).toBe('FAILED');
    expect(error).toMatchObject({ code: 'CASCADE_ABORTED', details: { chain: ['t0', 't1', 't2'], count: 3 } });
    expect(await statusesOf(engine, job.id)).toMatchObject({
      t2: 'FAILED ATTEMPTS_EXHAUSTED',
      t3: 'CANCELLED JOB_FAILED',
      t4: 'CANCELLED JOB_FAILED',
    });
    const failed = (await eventsOf(engine, job.id)).filter(({ type }) => type === 'TASK_FAILED');
    expect(failed.map(({ data }) => data['cascade'] ?? null)).toEqual([null, null, [1, 2, 3]]);

    const next = await lab.restart(engine, [bad]);
    expect((await next.job(job.id).status()).error).toMatchObject({ code: 'CASCADE_ABORTED' });
  });

  it('end nothing where no bound is given', async () => {
    const engine = await lab.start([bad]);
    const job = await engine.submitJob({ name: 'j', tasks: chain(5) });
    expect(await ended(engine, job.id)).toMatchObject({ status: 'COMPLETED', success: false });
  });
});
