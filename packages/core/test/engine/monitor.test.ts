import { existsSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';

import type { AlertView, Engine, MonitorOptions } from '../../src/index.js';
import { agent, echo } from '../helpers/agents.js';
import { Gate, forever } from '../helpers/gate.js';
import { ended, refusal } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import type { Store } from '../../src/ports/store.js';
import { rowsOf } from '../helpers/sqlite-rows.js';
import { FailingStore } from '../helpers/stores.js';
import { VirtualClock } from '../helpers/virtual-clock.js';

const lab = useLab();

const OFF: MonitorOptions = { taskDuration: 0, resourceUsage: 0, dependencyWait: 0, failureRate: 0 };

/** What listeners are told: kind, level or end, in the order in which it comes. */
function listening(engine: Engine): { readonly told: string[]; readonly alerts: AlertView[] } {
  const alerts: AlertView[] = [];
  const told: string[] = [];
  void (async () => {
    for await (const alert of engine.alertChanges()) {
      alerts.push(alert);
      told.push(`${alert.kind} ${alert.clearedAt !== null ? 'over' : alert.acknowledgedAt !== null ? 'acknowledged' : alert.level}`);
    }
  })();
  return { told, alerts };
}

describe('an alert on a long task', () => {
  it('is raised while the task runs, told to those who listen, and cleared at its end (F1)', async () => {
    const clock = new VirtualClock();
    const gate = new Gate();
    const slow = agent('slow', () => gate.pass());
    const engine = await lab.start([slow], { clock, monitor: { ...OFF, taskDuration: 200 } });
    const { told, alerts } = listening(engine);
    const job = await engine.submitJob({ name: 'j', tasks: [{ key: 'long', agent: 'slow' }] });
    await gate.reached();
    await clock.advance(199);
    expect(told).toEqual([]);
    await clock.advance(1);
    expect(told).toEqual(['TASK_DURATION WARNING']);
    expect(alerts[0]).toMatchObject({
      subject: `${job.id}:1`,
      jobId: job.id,
      taskId: `${job.id}:1`,
      tenant: 'default',
      value: 200,
      threshold: 200,
      message: '"long" has been running on slow for 200ms.',
    });
    expect(await engine.alerts({ isActive: true })).toEqual([alerts[0]]);
    await clock.advance(300);
    gate.open();
    await clock.advanceUntil(job.result());
    await clock.advance(0);
    expect(told).toEqual(['TASK_DURATION WARNING', 'TASK_DURATION over']);
    expect(await engine.alerts({ isActive: true })).toEqual([]);
    expect(await engine.alerts()).toEqual([expect.objectContaining({ id: alerts[0]!.id, clearedAt: clock.now() })]);
  });

  it('is raised for each of several, the one that began later, later', async () => {
    const clock = new VirtualClock();
    const slow = agent('slow', forever, { timeout: 0 });
    const engine = await lab.start([slow], { clock, monitor: { ...OFF, interval: '10s', taskDuration: '1m' } });
    const { alerts } = listening(engine);
    for (const name of ['first', 'second']) {
      await engine.submitJob({ name, tasks: [{ key: name, agent: 'slow' }] });
      await clock.advance(30_000);
    }
    expect(alerts).toHaveLength(1);
    await clock.advance(30_000);
    expect(alerts).toHaveLength(2);
    await clock.advance(240_000);
    expect(alerts.map(({ level }) => level)).toEqual(['WARNING', 'WARNING', 'CRITICAL', 'CRITICAL']);
  });
});

describe('an alert on failures', () => {
  it('is raised for an agent over a sliding window, and over when they have left it (F1)', async () => {
    const clock = new VirtualClock();
    const work = agent('work', (input: unknown) => {
      if (input === 'bad') throw new Error('bad');
    });
    const engine = await lab.start([work], {
      clock,
      monitor: { ...OFF, interval: '1m', failureRate: 0.2, failureWindow: '10m', failureTasks: 5 },
    });
    const { told, alerts } = listening(engine);
    const run = async (inputs: readonly string[]): Promise<void> => {
      for (const input of inputs) {
        const job = await engine.submitJob({ name: 'j', tasks: [{ key: 't', agent: 'work', input }] });
        await clock.advanceUntil(ended(engine, job.id));
      }
      await clock.advance(1_000);
    };
    // Too few to tell.
    await run(['bad', 'bad', 'good', 'good']);
    expect(told).toEqual([]);
    await run(['bad']);
    expect(told).toEqual(['FAILURE_RATE WARNING']);
    expect(alerts[0]).toMatchObject({ subject: 'agent:work', tenant: null, value: 0.6, threshold: 0.2, taskId: null });
    await clock.advance(600_000);
    expect(told).toEqual(['FAILURE_RATE WARNING', 'FAILURE_RATE over']);
  });
});

describe('an alert on waiting', () => {
  it('is raised once for a job whose tasks wait for others too long, and over when they need not (F1)', async () => {
    const clock = new VirtualClock();
    const gate = new Gate();
    const slow = agent('slow', () => gate.pass(), { timeout: 0 });
    const engine = await lab.start([slow, echo], { clock, monitor: { ...OFF, interval: '10s', dependencyWait: '5m' } });
    const { told, alerts } = listening(engine);
    const job = await engine.submitJob({
      name: 'j',
      tasks: [
        { key: 'source', agent: 'slow' },
        { key: 'a', agent: 'echo', dependsOn: ['source'] },
        { key: 'b', agent: 'echo', dependsOn: ['source'] },
      ],
    });
    await clock.advance(295_000);
    expect(told).toEqual([]);
    await clock.advance(5_000);
    expect(told).toEqual(['DEPENDENCY_WAIT WARNING']);
    expect(alerts[0]).toMatchObject({
      subject: job.id,
      taskId: `${job.id}:2`,
      message: '"a" has waited for its dependencies for 5m 0s, and so has 1 other task of the job.',
    });
    gate.open();
    await clock.advanceUntil(job.result());
    await clock.advance(10_000);
    expect(told).toEqual(['DEPENDENCY_WAIT WARNING', 'DEPENDENCY_WAIT over']);
  });

  it('counts from the last dependency that ended, not from the job’s begin', async () => {
    const clock = new VirtualClock();
    const gates = [new Gate(), new Gate()];
    const slow = agent('slow', (no: unknown) => gates[no as number]!.pass(), { timeout: 0 });
    const engine = await lab.start([slow, echo], { clock, monitor: { ...OFF, interval: '10s', dependencyWait: '5m' } });
    const { told } = listening(engine);
    await engine.submitJob({
      name: 'j',
      tasks: [
        { key: 'one', agent: 'slow', input: 0 },
        { key: 'two', agent: 'slow', input: 1 },
        { key: 'a', agent: 'echo', dependsOn: ['one', 'two'] },
      ],
    });
    await clock.advance(200_000);
    gates[0]!.open();
    await clock.advance(200_000);
    expect(told).toEqual([]);
    await clock.advance(110_000);
    expect(told).toEqual(['DEPENDENCY_WAIT WARNING']);
    gates[1]!.open();
  });
});

describe('an alert on a pool', () => {
  it('is raised where a pool is nearly used up, critical where nothing is left', async () => {
    const clock = new VirtualClock();
    const gates = [new Gate(), new Gate()];
    const heavy = agent('heavy', (no: unknown) => gates[no as number]!.pass(), { timeout: 0 });
    const engine = await lab.start([heavy], { clock, pools: { cpu: 10 }, monitor: { ...OFF, interval: '10s', resourceUsage: 0.8 } });
    const { told, alerts } = listening(engine);
    const start = (no: number, cpu: number) =>
      engine.submitJob({ name: 'j', tasks: [{ key: 't', agent: 'heavy', input: no, resources: { cpu } }] });
    await start(0, 8);
    await clock.advance(10_000);
    await start(1, 2);
    await clock.advance(10_000);
    for (const gate of gates) gate.open();
    await clock.advance(10_000);
    expect(told).toEqual(['RESOURCE_USAGE WARNING', 'RESOURCE_USAGE CRITICAL', 'RESOURCE_USAGE over']);
    expect(alerts[0]).toMatchObject({
      subject: 'pool:cpu',
      value: 0.8,
      message: '8 of 10 of the pool cpu are taken; 0 tasks wait for it.',
    });
  });
});

describe('alerts', () => {
  const slow = agent('slow', forever, { timeout: 0 });
  const raised = async (options: Parameters<typeof lab.start>[1] = {}) => {
    const clock = new VirtualClock();
    const monitor = { ...OFF, taskDuration: 1_000, ...(options.monitor === undefined ? {} : options.monitor) };
    const engine = await lab.start([slow], { clock, ...options, monitor });
    const listener = listening(engine);
    const job = await engine.submitJob({ name: 'j', tasks: [{ key: 't', agent: 'slow' }], options: { tenant: 'acme' } });
    await clock.advance(1_000);
    return { clock, engine, job, monitor, ...listener };
  };

  it('are acknowledged once, by the one who was first, and stay until they are over', async () => {
    const { engine, job, clock, told } = await raised();
    const [alert] = await engine.alerts();
    const first = await engine.acknowledgeAlert(alert!.id, { actor: 'ann' });
    expect(first).toMatchObject({ acknowledgedBy: 'user:ann', acknowledgedAt: clock.now(), clearedAt: null });
    expect(await engine.acknowledgeAlert(alert!.id, { actor: 'bob' })).toEqual(first);
    for (const unknown of ['nobody', 5 as never, Symbol('x') as never])
      expect(await refusal(engine.acknowledgeAlert(unknown))).toMatchObject({
        code: 'NOT_FOUND',
        message: `There is no alert ${String(unknown)}.`,
        details: { alertId: String(unknown) },
      });
    await engine.cancelJob(job.id);
    await clock.advance(0);
    expect(told).toEqual(['TASK_DURATION WARNING', 'TASK_DURATION acknowledged', 'TASK_DURATION over']);
    expect(await engine.alerts()).toEqual([expect.objectContaining({ acknowledgedBy: 'user:ann', clearedAt: clock.now() })]);
  });

  it('are those of one tenant, where one is asked for', async () => {
    const { engine } = await raised();
    expect(await engine.alerts({ tenant: 'acme' })).toHaveLength(1);
    expect(await engine.alerts({ tenant: 'other' })).toEqual([]);
  });

  it('survive a restart, and are cleared by the next process when what they are about is over', async () => {
    const { engine, clock, monitor } = await raised();
    const [alert] = await engine.alerts();
    const next = await lab.restart(engine, [], { clock, monitor: { ...monitor, interval: '1s' } });
    const { told } = listening(next);
    expect(await next.alerts({ isActive: true })).toEqual([alert]);
    await clock.advance(1_000);
    expect(told).toEqual(['TASK_DURATION over']);
  });

  it('are forgotten a week after they are over', async () => {
    const { engine, clock, job } = await raised();
    await engine.cancelJob(job.id);
    await clock.advance(7 * 86_400_000 - 1_000);
    expect(await engine.alerts()).toHaveLength(1);
    await clock.advance(2_000);
    expect(await engine.alerts()).toEqual([]);
  });

  it('may be kept in a database of their own, and then in no other (F2)', async () => {
    const path = lab.path('jobs.db');
    const monitorPath = `${path}.monitor`;
    const { engine } = await raised({ monitor: { store: { path: monitorPath } } });
    expect(await engine.alerts()).toHaveLength(1);
    await lab.stop(engine);
    expect(existsSync(monitorPath)).toBe(true);
    expect(await rowsOf(path)).toMatchObject({ taskloom_job: 1 });
    expect(await rowsOf(path)).not.toHaveProperty('taskloom_key_value');
    expect(Object.keys(await rowsOf(monitorPath))).toEqual(['taskloom_key_value']);
  });

  it('are not raised where nothing is watched over', async () => {
    const clock = new VirtualClock();
    const engine = await lab.start([slow], { clock, monitor: false });
    await engine.submitJob({ name: 'j', tasks: [{ key: 't', agent: 'slow' }] });
    await clock.advance(2 * 3_600_000);
    expect(await engine.alerts()).toEqual([]);
  });

  it('have the thresholds of the documentation where nobody sets any', async () => {
    const clock = new VirtualClock();
    const engine = await lab.start([slow], { clock });
    await engine.submitJob({
      name: 'j',
      tasks: [
        { key: 't', agent: 'slow' },
        { key: 'u', agent: 'slow', dependsOn: ['t'] },
      ],
    });
    await clock.advance(300_000);
    expect((await engine.alerts()).map(({ kind }) => kind)).toEqual(['DEPENDENCY_WAIT']);
    await clock.advance(3_300_000);
    expect((await engine.alerts()).map(({ kind }) => kind).toSorted()).toEqual(['DEPENDENCY_WAIT', 'TASK_DURATION']);
  });

  it('that could not be kept are tried again later, and harm no job', async () => {
    const clock = new VirtualClock();
    const gate = new Gate();
    const waits = agent('waits', () => gate.pass(), { timeout: 0 });
    let isBroken = true;
    class NoEntries extends FailingStore {
      override get entries(): Store['entries'] {
        if (isBroken && hasStarted) throw new Error('no entries');
        return super.entries;
      }
    }
    let hasStarted = false;
    const lines: string[] = [];
    const ignore = (): void => undefined;
    const engine = await lab.start([waits], {
      clock,
      storeAt: (path) => new NoEntries({ path }),
      monitor: { ...OFF, taskDuration: 1_000 },
      logger: { debug: ignore, info: ignore, warn: ignore, error: (message) => void lines.push(message) },
    });
    hasStarted = true;
    const { told } = listening(engine);
    const job = await engine.submitJob({ name: 'j', tasks: [{ key: 't', agent: 'waits' }] });
    await clock.advance(20_000);
    expect(lines).toEqual(['Alerts could not be kept; it is tried again in half a minute.']);
    isBroken = false;
    await clock.advance(20_000);
    expect(told).toEqual(['TASK_DURATION CRITICAL']);
    // Those that last are known without the store.
    isBroken = true;
    expect(await engine.alerts({ isActive: true })).toHaveLength(1);
    isBroken = false;
    gate.open();
    await clock.advanceUntil(job.result());
  });

  it('end with the engine for those who listen', async () => {
    const { engine } = await raised();
    const over = (async () => {
      let count = 0;
      for await (const _ of engine.alertChanges()) count += 1;
      return count;
    })();
    await lab.stop(engine);
    expect(await over).toBe(0);
  });
});
