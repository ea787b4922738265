import { describe, expect, it } from '@jest/globals';

import type { AgentOptions, Schema, TimeoutReport } from '../../src/index.js';
import { agent, counted, echo } from '../helpers/agents.js';
import { aborted, forever, Gate } from '../helpers/gate.js';
import { ended, eventsOf, outputOf, statusesOf, taskOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import { VirtualClock } from '../helpers/virtual-clock.js';

const lab = useLab();
type Policy = NonNullable<AgentOptions<Schema, Schema>['onTimeout']>;
const job = {
  name: 'job',
  tasks: [
    { key: 'slow', agent: 'slow' },
    { key: 'other', agent: 'echo', runAt: Date.UTC(2030, 0, 1) },
  ],
};

async function slowJob(onTimeout: Policy | undefined, options: Parameters<typeof lab.start>[1] = {}, settings = {}) {
  const clock = new VirtualClock();
  const gate = new Gate<string>();
  const signals: unknown[] = [];
  const slow = counted(
    'slow',
    (_, ctx) => {
      void aborted(ctx.signal).then((reason) => signals.push((reason as { code: string }).code));
      return gate.pass();
    },
    { timeout: 1_000, ...(onTimeout === undefined ? {} : { onTimeout }), ...settings },
  );
  const logs: string[] = [];
  const note = (message: string): void => void logs.push(message);
  const logger = { debug: () => undefined, info: () => undefined, warn: note, error: note };
  const planned: unknown[] = [];
  const planner = agent('planner', (input: unknown) => (planned.push(input), 'seen'));
  const engine = await lab.start([slow.agent, echo, planner], { clock, grace: 0, logger, ...options });
  const { id } = await engine.submitJob(job);
  const overdue = async () => (await eventsOf(engine, id)).filter(({ type }) => type === 'TASK_OVERDUE');
  return { clock, gate, signals, slow, engine, id, logs, planned, overdue };
}

describe('onTimeout', () => {
  it('is `fail-attempt` where nobody says: the attempt fails, and is retried by the policy', async () => {
    const { clock, engine, id, signals, slow } = await slowJob(undefined, {}, { retry: { maxAttempts: 2, backoff: 'none' } });
    await clock.advance(1_000);
    expect([await statusesOf(engine, id), signals]).toMatchObject([{ slow: 'IN_PROGRESS' }, ['TASK_TIMEOUT']]);
    await clock.advance(1_000);
    expect(await statusesOf(engine, id)).toMatchObject({ slow: 'FAILED ATTEMPTS_EXHAUSTED', other: 'CANCELLED JOB_FAILED' });
    expect(slow.starts).toHaveLength(2);
  });

  it('`terminate-job` ends the job at once, whatever retries, recovery and strategy say', async () => {
    const clock = new VirtualClock();
    const slow = agent('slow', forever, { timeout: 1_000, onTimeout: 'terminate-job', retry: 5 });
    const engine = await lab.start([slow, echo], { clock, grace: 0 });
    const { id } = await engine.submitJob({
      ...job,
      tasks: [{ ...job.tasks[0]!, failureStrategy: 'continue', useValue: 1 }, job.tasks[1]!],
    });
    await clock.advance(1_000);
    expect((await engine.job(id).status()).status).toBe('FAILED');
    expect(await statusesOf(engine, id)).toEqual({ slow: 'FAILED ATTEMPTS_EXHAUSTED', other: 'CANCELLED JOB_FAILED' });
    expect((await taskOf(engine, id, 'slow')).error?.code).toBe('TASK_TIMEOUT');
  });

  it('`notify-planner` puts one task for the planner into the job, and the attempt goes on (A11, D13)', async () => {
    const { clock, gate, engine, id, planned, overdue, signals } = await slowJob(
      'notify-planner',
      { planner: 'planner' },
      { timeout: 0, idleTimeout: 200 },
    );
    await clock.advance(199);
    expect(planned).toEqual([]);
    await clock.advance(5_000);
    expect(planned).toEqual([{ jobId: id, taskKey: 'slow', code: 'TASK_IDLE', message: expect.stringContaining('200 ms') }]);
    expect(await overdue()).toHaveLength(1);
    expect(signals).toEqual([]);
    gate.open('after all');
    await clock.advance(10);
    expect(await outputOf(engine, id, 'slow')).toBe('after all');
  });

  it('an agent that gives signs of life is not told of (A11, D12)', async () => {
    const clock = new VirtualClock();
    const planned: unknown[] = [];
    const beats = agent(
      'slow',
      async (_, ctx) => {
        for (let beat = 0; beat < 10; beat += 1) {
          await new Promise<void>((resolve) => clock.schedule(100, resolve));
          ctx.heartbeat();
        }
        return 'alive';
      },
      { idleTimeout: 200, onTimeout: 'notify-planner' },
    );
    const planner = agent('planner', (input: unknown) => void planned.push(input));
    const engine = await lab.start([beats, planner], { clock, planner: 'planner' });
    const { id } = await engine.submitJob({ name: 'job', tasks: [{ key: 'slow', agent: 'slow' }] });
    await clock.advance(1_100);
    expect([await outputOf(engine, id, 'slow'), planned]).toEqual(['alive', []]);
  });

  it('`notify-planner` in an engine without one says so in the log', async () => {
    const { clock, logs, overdue } = await slowJob('notify-planner');
    await clock.advance(1_000);
    expect(logs).toEqual([expect.stringContaining('no `planner`')]);
    expect(await overdue()).toHaveLength(1);
  });

  it('`notify-planner` with a planner that nobody registered does no harm', async () => {
    const { clock, gate, logs, engine, id } = await slowJob('notify-planner', { planner: 'nobody' });
    await clock.advance(1_000);
    expect(logs).toEqual([expect.stringContaining('planner could not be told')]);
    gate.open('fine');
    await clock.advance(10);
    expect(await outputOf(engine, id, 'slow')).toBe('fine');
  });

  it('a planner that fails does not fail the job', async () => {
    const clock = new VirtualClock();
    const gate = new Gate();
    const slow = agent('slow', () => gate.pass(), { timeout: 100, onTimeout: 'notify-planner' });
    const planner = agent('planner', () => {
      throw new Error('no plan');
    });
    const engine = await lab.start([slow, planner], { clock, planner: 'planner' });
    const { id } = await engine.submitJob({ name: 'job', tasks: [{ key: 'slow', agent: 'slow' }] });
    await clock.advance(200);
    gate.open();
    await clock.advance(10);
    expect((await engine.job(id).status()).status).toBe('COMPLETED');
  });

  it('a function gets the facts and decides', async () => {
    const reports: TimeoutReport[] = [];
    const { clock, engine, id, overdue, gate } = await slowJob((report) => (reports.push(report), 'go-on'));
    await clock.advance(60_000);
    expect(reports).toEqual([
      { jobId: id, taskKey: 'slow', agent: 'slow', attempt: 1, code: 'TASK_TIMEOUT', message: expect.stringContaining('1000 ms') },
    ]);
    expect(await overdue()).toHaveLength(1);
    gate.open('late');
    await clock.advance(10);
    expect(await outputOf(engine, id, 'slow')).toBe('late');
  });

  it.each<[string, Policy, number]>([
    [
      'throws',
      () => {
        throw new Error('no idea');
      },
      0,
    ],
    ['rejects', () => Promise.reject(new Error('no idea')), 0],
    ['gives no decision', () => 'whatever' as never, 0],
    ['hangs', () => forever(), 5_000],
  ])('a function that %s fails the attempt, and the log says why', async (_, policy, afterMs) => {
    const { clock, engine, id, logs } = await slowJob(policy);
    await clock.advance(1_000);
    if (afterMs > 0) {
      await clock.advance(afterMs - 1);
      expect((await taskOf(engine, id, 'slow')).status).toBe('IN_PROGRESS');
      await clock.advance(1);
    }
    expect((await taskOf(engine, id, 'slow')).error?.code).toBe('TASK_TIMEOUT');
    expect(logs).toEqual([expect.stringContaining('`onTimeout`')]);
  });

  it('a function that decides too late, when the agent has ended, changes nothing', async () => {
    const decision = new Gate<'terminate-job'>();
    const { clock, gate, engine, id } = await slowJob(() => decision.pass());
    await clock.advance(1_000);
    gate.open('in time');
    await clock.advance(10);
    decision.open('terminate-job');
    await clock.advance(10);
    expect(await statusesOf(engine, id)).toMatchObject({ slow: 'COMPLETED', other: 'READY' });
    await engine.cancelJob(id);
    expect((await ended(engine, id)).status).toBe('CANCELLED');
  });
});
