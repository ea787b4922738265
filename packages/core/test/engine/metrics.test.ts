import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { defineAgent, type EngineMetrics } from '../../src/index.js';
import { agent, echo } from '../helpers/agents.js';
import { Gate } from '../helpers/gate.js';
import { ended } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import { VirtualClock } from '../helpers/virtual-clock.js';

const lab = useLab();

const ofAgent = ({ agents }: EngineMetrics, name: string) => agents.find((metrics) => metrics.name === name);

describe('metrics', () => {
  it('of an engine that has done nothing are noughts', async () => {
    const engine = await lab.start([echo]);
    expect(engine.metrics()).toMatchObject({
      jobs: { submitted: 0, completed: 0, failed: 0, cancelled: 0 },
      tasks: { started: 0, completed: 0, successRate: null, durationMs: { count: 0, p50: null } },
      agents: [],
      kinds: [],
      open: { jobs: {}, dependencyDepth: 0 },
    });
    expect(engine.metrics().open.tasks.READY).toBe(0);
  });

  it('of a job of four tasks that is half done show success and the depth of the chain (B8)', async () => {
    const clock = new VirtualClock();
    const gate = new Gate();
    const works = agent('works', async (input: unknown) => {
      await gate.pass();
      return input;
    });
    const engine = await lab.start([works, echo], { clock, maxParallel: 1 });
    const job = await engine.submitJob({
      name: 'four',
      tasks: [
        { key: 'a', agent: 'echo', input: 1, kind: 'read' },
        { key: 'b', agent: 'echo', input: 2, kind: 'read', dependsOn: ['a'] },
        { key: 'c', agent: 'works', input: 'held', dependsOn: ['b'] },
        { key: 'd', agent: 'echo', input: 4, dependsOn: ['c'] },
      ],
    });
    await gate.reached();
    await clock.advance(500);

    const half = engine.metrics();
    expect(half).toMatchObject({
      jobs: { submitted: 1, completed: 0 },
      tasks: { started: 3, completed: 2, failed: 0, successRate: 1 },
      open: { jobs: { RUNNING: 1 }, tasks: { COMPLETED: 2, IN_PROGRESS: 1, PENDING: 1 }, dependencyDepth: 4 },
    });
    expect(half.kinds).toEqual([expect.objectContaining({ name: 'read', started: 2, completed: 2 })]);
    expect(half.limits.find(({ limit }) => limit === 'process')).toMatchObject({ taken: 1, capacity: 1 });
    expect((await engine.job(job.id).status()).progress).toBe(50);

    gate.open();
    await clock.advanceUntil(job.result());
    expect(engine.metrics()).toMatchObject({
      jobs: { submitted: 1, completed: 1 },
      tasks: { started: 4, completed: 4 },
      open: { jobs: {}, dependencyDepth: 0 },
    });
    expect(ofAgent(engine.metrics(), 'works')).toMatchObject({ started: 1, durationMs: { count: 1, min: 500, p50: 500, max: 500 } });
  });

  it('count what failed, was tried again, ran out of time, was skipped and was cancelled, by agent', async () => {
    const clock = new VirtualClock();
    let tries = 0;
    const flaky = agent(
      'flaky',
      () => {
        tries += 1;
        if (tries < 3) throw new Error('not yet');
      },
      { retry: { maxAttempts: 3, backoff: 'none' } },
    );
    const broken = agent('broken', () => Promise.reject(new Error('never')));
    const slow = agent('slow', () => new Promise(() => undefined), { timeout: '5s' });
    const engine = await lab.start([flaky, broken, slow, echo], { clock, maxParallel: 8 });
    const job = await engine.submitJob({
      name: 'mixed',
      options: { failureStrategy: 'continue' },
      tasks: [
        { key: 'flaky', agent: 'flaky' },
        { key: 'broken', agent: 'broken', failureStrategy: 'skip' },
        { key: 'behind', agent: 'echo', dependsOn: ['broken'] },
        { key: 'slow', agent: 'slow' },
      ],
    });
    await clock.runUntil(ended(engine, job.id));
    const other = await engine.submitJob({ name: 'other', tasks: [{ key: 'slow', agent: 'slow' }] });
    await clock.advance(1_000);
    await engine.cancelJob(other.id);
    await clock.advance(10_000);

    const metrics = engine.metrics();
    expect(ofAgent(metrics, 'flaky')).toMatchObject({
      started: 3,
      completed: 1,
      retried: 2,
      failed: 0,
      successRate: 1,
      durationMs: { count: 3 },
    });
    expect(ofAgent(metrics, 'broken')).toMatchObject({ started: 1, failed: 1, successRate: 0 });
    expect(ofAgent(metrics, 'echo')).toMatchObject({ started: 0, skipped: 1 });
    expect(ofAgent(metrics, 'slow')).toMatchObject({ started: 2, failed: 1, timedOut: 1, cancelled: 1 });
    expect(ofAgent(metrics, 'slow')!.durationMs).toMatchObject({ count: 2, min: 1_000, max: 5_000 });
    expect(metrics.jobs).toMatchObject({ submitted: 2, cancelled: 1 });
  });

  it('count a task once that something stands in for, as failed', async () => {
    const broken = agent('broken', () => Promise.reject(new Error('never')));
    const engine = await lab.start([broken, echo]);
    const job = await engine.submitJob({
      name: 'recovered',
      tasks: [
        { key: 'value', agent: 'broken', useValue: 1 },
        { key: 'other', agent: 'broken', routeTo: 'stand-in' },
        { key: 'stand-in', agent: 'echo', input: 2 },
        { key: 'lost', agent: 'broken', routeTo: 'fails-too', failureStrategy: 'continue' },
        { key: 'fails-too', agent: 'broken', failureStrategy: 'continue' },
      ],
    });
    await ended(engine, job.id);
    expect(ofAgent(engine.metrics(), 'broken')).toMatchObject({ started: 4, completed: 0, failed: 4, successRate: 0 });
    expect(ofAgent(engine.metrics(), 'echo')).toMatchObject({ completed: 1, failed: 0 });
  });

  it('tell how long tasks waited for a place, and how many wait', async () => {
    const clock = new VirtualClock();
    const gates = [new Gate(), new Gate()];
    const works = agent('works', (no: unknown) => gates[no as number]!.pass(), { concurrency: 1, timeout: 0 });
    const engine = await lab.start([works], { clock });
    const job = await engine.submitJob({ name: 'two', tasks: [0, 1].map((no) => ({ key: `t${no}`, agent: 'works', input: no })) });
    await gates[0]!.reached();
    await clock.advance(3_000);
    expect(engine.metrics().limits.find(({ limit }) => limit === 'agent:works')).toMatchObject({ taken: 1, waiting: 1 });
    for (const gate of gates) gate.open();
    await clock.advanceUntil(job.result());
    expect(ofAgent(engine.metrics(), 'works')!.waitMs).toMatchObject({ count: 2, min: 0, max: 3_000 });
  });

  it('begin anew with each start, and know what is open from earlier ones', async () => {
    const gate = new Gate();
    const works = agent('works', () => gate.pass());
    const first = await lab.start([works, echo]);
    await first.submitJob({
      name: 'j',
      tasks: [
        { key: 'a', agent: 'works', kind: 'k' },
        { key: 'b', agent: 'echo', dependsOn: ['a'] },
      ],
    });
    await gate.reached();
    const second = await lab.restart(first, [works, echo]);
    await gate.reached(2);
    expect(second.metrics()).toMatchObject({
      jobs: { submitted: 0 },
      tasks: { started: 1 },
      open: { jobs: { RUNNING: 1 }, dependencyDepth: 2 },
    });
    expect(second.metrics().kinds).toEqual([expect.objectContaining({ name: 'k', started: 1 })]);
    gate.open();
  });

  it('keep at most 1,000 kinds apart', async () => {
    const engine = await lab.start([echo]);
    const job = await engine.submitJob({
      name: 'kinds',
      tasks: Array.from({ length: 1_010 }, (_, no) => ({ key: `t${no}`, agent: 'echo', kind: `kind-${String(no).padStart(4, '0')}` })),
    });
    await job.result();
    const { kinds } = engine.metrics();
    expect(kinds).toHaveLength(1_001);
    expect(kinds.find(({ name }) => name === '(others)')).toMatchObject({ completed: 10 });
  });

  it('leave out stories and what the engine does itself', async () => {
    const list = defineAgent({ name: 'list', input: z.unknown(), output: z.array(z.number()), execute: () => [1, 2, 3] });
    const engine = await lab.start([list, echo]);
    const job = await engine.submitJob({
      name: 'map',
      tasks: [
        { key: 'story', type: 'STORY' },
        { key: 'list', agent: 'list', parent: 'story' },
        {
          key: 'each',
          parent: 'story',
          map: { over: { task: 'list' }, agent: 'echo', input: { value: null, refs: [] }, items: [{ at: '', path: '' }] },
        },
      ],
    });
    await job.result();
    expect(engine.metrics().agents.map(({ name, completed }) => [name, completed])).toEqual([
      ['echo', 3],
      ['list', 1],
    ]);
  });
});
