import { describe, expect, it } from '@jest/globals';

import { RetryAfterError, type Engine } from '../../src/index.js';
import { agent, counted, echo } from '../helpers/agents.js';
import { auditDatabase } from '../helpers/audit.js';
import { aborted, forever, Gate } from '../helpers/gate.js';
import { ended, eventOf, eventsOf, refusal, statusesOf, taskOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import { seeded } from '../helpers/random.js';
import { eventLoopTurns, VirtualClock } from '../helpers/virtual-clock.js';

const lab = useLab();

describe('cancelling a job', () => {
  it('fires the signal of every running agent in well under 100 ms, with a reason (A9, D6)', async () => {
    const reasons: { code?: string; message?: string }[] = [];
    const times: number[] = [];
    const running = new Gate();
    const watches = agent('watches', async (_, ctx) => {
      void running.pass();
      reasons.push((await aborted(ctx.signal)) as { code?: string });
      times.push(performance.now());
    });
    const engine = await lab.start([watches], { maxParallel: 8 });
    const handle = await engine.submitJob({
      name: 'job',
      tasks: Array.from({ length: 8 }, (_, n) => ({ key: `t${n}`, agent: 'watches' })),
    });
    await running.reached(8);
    const before = performance.now();
    await handle.cancel({ reason: 'not needed' });
    expect(reasons).toHaveLength(8);
    expect(Math.max(...times) - before).toBeLessThan(100);
    expect(reasons[0]).toMatchObject({ code: 'TASK_CANCELLED' });
  });

  it('needs no timer to reach an agent: the signal has fired when the cancellation is acknowledged', async () => {
    let signal: AbortSignal | undefined;
    const watches = agent('watches', (_, ctx) => ((signal = ctx.signal), forever()));
    const engine = await lab.start([watches], { clock: new VirtualClock() });
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'watches' }] });
    await eventLoopTurns();
    await handle.cancel();
    expect(signal?.aborted).toBe(true);
  });

  it('reaches an agent that asks for its signal only later', async () => {
    const gate = new Gate();
    let seen: AbortSignal | undefined;
    const late = agent('late', async (_, ctx) => {
      await gate.pass();
      seen = ctx.signal;
    });
    const engine = await lab.start([late]);
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'late' }] });
    await gate.reached();
    await handle.cancel();
    gate.open();
    await eventLoopTurns();
    expect(seen?.aborted).toBe(true);
    expect(seen?.reason).toMatchObject({ code: 'TASK_CANCELLED' });
  });

  it('cancels tasks wherever they stand: running, queued, pending, waiting for a retry, suspended, waiting for children', async () => {
    const clock = new VirtualClock();
    const stuck = counted('stuck', forever);
    const definitions = [
      stuck.agent,
      echo,
      agent('asks', (_, ctx) => ctx.need('stuck', 1)),
      agent(
        'flaky',
        () => {
          throw new RetryAfterError('busy', '1h');
        },
        { retry: 5 },
      ),
      agent('limited', forever, { concurrency: 1 }),
    ];
    const engine = await lab.start(definitions, { clock, grace: 0, timeout: 0, maxParallel: 20 });
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'done', agent: 'echo' },
        { key: 'running', agent: 'stuck' },
        { key: 'pending', agent: 'echo', dependsOn: ['running'] },
        { key: 'retry', agent: 'flaky' },
        { key: 'suspended', agent: 'asks' },
        { key: 'story', type: 'STORY' },
        { key: 'in', agent: 'stuck', parent: 'story' },
        { key: 'limited-1', agent: 'limited' },
        { key: 'queued', agent: 'limited' },
      ],
    });
    await clock.advance(1_000);
    expect(await statusesOf(engine, handle.id)).toEqual({
      done: 'COMPLETED',
      running: 'IN_PROGRESS',
      pending: 'PENDING',
      retry: 'READY',
      suspended: 'BLOCKED WAITING_DEPENDENCIES',
      'suspended.stuck': 'IN_PROGRESS',
      story: 'BLOCKED WAITING_CHILDREN',
      in: 'IN_PROGRESS',
      'limited-1': 'IN_PROGRESS',
      queued: 'READY',
    });
    const startsBefore = stuck.starts.length;
    const view = await handle.cancel({ reason: 'enough', actor: 'anna' });
    expect(view).toMatchObject({ status: 'CANCELLED', success: false, error: { code: 'JOB_CANCELLED', message: 'enough' } });
    const statuses = await statusesOf(engine, handle.id);
    expect(statuses['done']).toBe('COMPLETED');
    expect(new Set(Object.entries(statuses).flatMap(([key, status]) => (key === 'done' ? [] : [status])))).toEqual(
      new Set(['CANCELLED JOB_CANCELLED']),
    );
    await clock.advance(86_400_000);
    expect(stuck.starts).toHaveLength(startsBefore);
    const events = await eventsOf(engine, handle.id);
    expect(events.slice(-2).map(({ type, actor }) => [type, actor])).toEqual([
      ['TASKS_CANCELLED', 'user:anna'],
      ['JOB_CANCELLED', 'user:anna'],
    ]);
    expect(events.at(-1)!.data).toEqual({ reason: 'enough' });
  });

  it('ends result() with JOB_CANCELLED and the reason', async () => {
    const engine = await lab.start([agent('stuck', (_, ctx) => aborted(ctx.signal))]);
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'stuck' }] });
    const result = refusal(handle.result());
    await handle.cancel({ reason: 'too late' });
    const error = await result;
    expect(error.code).toBe('JOB_CANCELLED');
    expect(error.message).toContain('too late');
  });

  it('twice: the second one is told that the job has ended; state and log stay', async () => {
    const engine = await lab.start([agent('stuck', (_, ctx) => aborted(ctx.signal))]);
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'stuck' }] });
    await handle.cancel();
    const { lastSeq } = await handle.status();
    const error = await refusal(handle.cancel());
    expect(error.code).toBe('JOB_ALREADY_TERMINAL');
    expect(error.details).toMatchObject({ status: 'CANCELLED' });
    expect((await handle.status()).lastSeq).toBe(lastSeq);
  });

  it('20 times at once: one wins', async () => {
    const engine = await lab.start([agent('stuck', (_, ctx) => aborted(ctx.signal))]);
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'stuck' }] });
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => handle.cancel()));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await eventsOf(engine, handle.id)).filter(({ type }) => type === 'JOB_CANCELLED')).toHaveLength(1);
  });

  it('that has completed or failed is refused, and changes nothing', async () => {
    const engine = await lab.start([
      echo,
      agent('fails', () => {
        throw new Error('x');
      }),
    ]);
    for (const name of ['echo', 'fails']) {
      const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: name }] });
      const { status } = await ended(engine, handle.id);
      expect((await refusal(handle.cancel())).code).toBe('JOB_ALREADY_TERMINAL');
      expect((await handle.status()).status).toBe(status);
    }
  });

  it.each([
    ['an id of nothing', 'nothing-there'],
    ['an empty id', ''],
    ['a path', '../x'],
    ['a prototype name', '__proto__'],
    ['SQL', "x'; DROP TABLE taskloom_job; --"],
    ['10,000 characters', 'x'.repeat(10_000)],
  ])('that does not exist is refused with a code: %s', async (_, id) => {
    const engine = await lab.start([]);
    expect(['NOT_FOUND', 'ID_INVALID']).toContain((await refusal(engine.cancelJob(id))).code);
  });

  it('leaves what an agent returns afterwards without effect (D4)', async () => {
    const gate = new Gate<string>();
    const engine = await lab.start([agent('waits', () => gate.pass()), echo]);
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'a', agent: 'waits' },
        { key: 'b', agent: 'echo', dependsOn: ['a'] },
      ],
    });
    await gate.reached();
    await handle.cancel();
    gate.open('late');
    await eventLoopTurns();
    expect(await handle.status()).toMatchObject({ status: 'CANCELLED' });
    expect(await statusesOf(engine, handle.id)).toEqual({ a: 'CANCELLED JOB_CANCELLED', b: 'CANCELLED JOB_CANCELLED' });
    expect((await engine.reader.taskOutputs([{ jobId: handle.id, no: 1 }], 100))[0]).toBeNull();
  });

  it('survives a restart right after it was acknowledged: no agent starts again', async () => {
    const stuck = counted('stuck', forever);
    const engine = await lab.start([stuck.agent], { grace: 0 });
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'a', agent: 'stuck' },
        { key: 'b', agent: 'stuck', dependsOn: ['a'] },
      ],
    });
    await eventOf(engine, handle.id, 'TASK_STARTED');
    await handle.cancel();
    const again = await lab.restart(engine, [stuck.agent]);
    await eventLoopTurns();
    expect(stuck.starts).toEqual(['a']);
    expect((await again.job(handle.id).status()).status).toBe('CANCELLED');
  });

  it('can be done by an agent of the job itself, and by one that then goes on as if nothing had been', async () => {
    let engine: Engine;
    const cancels = agent('cancels', async (_, ctx) => {
      await engine.cancelJob(ctx.job.id, { reason: 'found what it looked for' });
      return 'and goes on';
    });
    engine = await lab.start([cancels]);
    const handle = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'cancels' }] });
    expect((await ended(engine, handle.id)).status).toBe('CANCELLED');
    await eventLoopTurns();
    expect(await statusesOf(engine, handle.id)).toEqual({ a: 'CANCELLED JOB_CANCELLED' });
  });

  it('gives the places of agents that stop back at once, and of those that do not after the grace time', async () => {
    const clock = new VirtualClock();
    const engine = await lab.start([agent('obeys', (_, ctx) => aborted(ctx.signal)), agent('ignores', forever), echo], {
      clock,
      maxParallel: 2,
      grace: 5_000,
    });
    const job = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'a', agent: 'obeys' },
        { key: 'b', agent: 'ignores' },
      ],
    });
    await eventLoopTurns();
    await job.cancel();
    const gate = new Gate();
    engine.register(agent('waits', () => gate.pass()));
    const next = await engine.submitJob({
      name: 'next',
      tasks: [
        { key: 'a', agent: 'waits' },
        { key: 'b', agent: 'waits' },
      ],
    });
    await eventLoopTurns();
    expect(await statusesOf(engine, next.id)).toEqual({ a: 'IN_PROGRESS', b: 'READY' });
    await clock.advance(5_000);
    expect(await statusesOf(engine, next.id)).toEqual({ a: 'IN_PROGRESS', b: 'IN_PROGRESS' });
    gate.open();
    await next.result();
  });

  it('of 5,000 open tasks is one step', async () => {
    const engine = await lab.start([agent('stuck', forever)], { grace: 0, maxParallel: 10 });
    const handle = await engine.submitJob({
      name: 'job',
      tasks: Array.from({ length: 5_000 }, (_, n) => ({ key: `t${n}`, agent: 'stuck' })),
    });
    await eventOf(engine, handle.id, 'TASK_STARTED');
    const view = await handle.cancel();
    expect(view.counts.CANCELLED).toBe(5_001);
    const cancelled = (await eventsOf(engine, handle.id)).filter(({ type }) => type === 'TASKS_CANCELLED');
    expect(cancelled).toHaveLength(1);
    expect(cancelled[0]!.data['count']).toBe(5_001);
    expect(cancelled[0]!.data['tasks']).toHaveLength(100);
  });
});

describe('cancelling a subtree', () => {
  it('cancels everything below it, fires the signals there in well under 100 ms, and lets the rest of the job go on', async () => {
    const times: number[] = [];
    const reasons: unknown[] = [];
    const running = new Gate();
    const watches = agent('watches', async (_, ctx) => {
      void running.pass();
      reasons.push(await aborted(ctx.signal));
      times.push(performance.now());
    });
    const gate = new Gate<string>();
    let untouched: AbortSignal | undefined;
    const beside = agent('beside', (_, ctx) => ((untouched = ctx.signal), gate.pass()));
    const engine = await lab.start([watches, beside, echo, agent('asks', (_, ctx) => ctx.need('watches', 1))], { maxParallel: 8 });
    const handle = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'story', type: 'STORY' },
        { key: 'running', agent: 'watches', parent: 'story' },
        { key: 'pending', agent: 'echo', parent: 'story', dependsOn: ['running'] },
        { key: 'suspended', agent: 'asks', parent: 'story' },
        { key: 'inner', parent: 'story', type: 'TASK' },
        { key: 'deep', agent: 'watches', parent: 'inner', type: 'SUBTASK' },
        { key: 'done', agent: 'echo', parent: 'story' },
        { key: 'beside', agent: 'beside' },
        { key: 'after', agent: 'echo', input: 1, dependsOn: ['beside', { task: 'story', mode: 'settled' }] },
      ],
    });
    await Promise.all([running.reached(3), gate.reached(), eventOf(engine, handle.id, 'TASK_COMPLETED', 'done')]);
    const story = (await taskOf(engine, handle.id, 'story')).id;
    const before = performance.now();
    await engine.cancelTask(story, { reason: 'not needed', actor: 'anna' });
    expect(times).toHaveLength(3);
    expect(Math.max(...times) - before).toBeLessThan(100);
    expect(reasons[0]).toMatchObject({ code: 'TASK_CANCELLED' });
    expect(untouched?.aborted).toBe(false);
    const cancelled = (await eventsOf(engine, handle.id)).filter(({ type }) => type === 'TASKS_CANCELLED');
    expect(cancelled).toMatchObject([{ actor: 'user:anna', data: { count: 7 } }]);
    expect((await handle.status()).status).toBe('RUNNING');

    gate.open('done');
    expect(await ended(engine, handle.id)).toMatchObject({ status: 'COMPLETED' });
    expect(await statusesOf(engine, handle.id)).toEqual({
      story: 'CANCELLED BY_PERSON',
      running: 'CANCELLED BY_PERSON',
      pending: 'CANCELLED BY_PERSON',
      suspended: 'CANCELLED BY_PERSON',
      'suspended.watches': 'CANCELLED BY_PERSON',
      inner: 'CANCELLED BY_PERSON',
      deep: 'CANCELLED BY_PERSON',
      done: 'COMPLETED',
      beside: 'COMPLETED',
      after: 'COMPLETED',
    });
  });
});

describe('a race between cancelling and completing', () => {
  it('has exactly one winner, 500 times: one end of the task, one end of the job, and the caller is told who won', async () => {
    const gates = new Map<string, Gate<string>>();
    const waits = agent('waits', (_, ctx) => {
      const gate = gates.get(ctx.job.id) ?? new Gate<string>();
      gates.set(ctx.job.id, gate);
      return gate.pass();
    });
    const engine = await lab.start([waits], { maxParallel: 100 });
    const random = seeded(20_261_001);
    const won = { cancel: 0, complete: 0 };
    for (let batch = 0; batch < 10; batch += 1) {
      const handles = await Promise.all(
        Array.from({ length: 50 }, () => engine.submitJob({ name: 'race', tasks: [{ key: 'a', agent: 'waits', type: 'OBJECTIVE' }] })),
      );
      await Promise.all(handles.map(({ id }) => eventOf(engine, id, 'TASK_STARTED')));
      await Promise.all(handles.map((handle) => race(engine, handle.id, gates.get(handle.id)!, random, won)));
    }
    expect(won.cancel + won.complete).toBe(500);
    // The race is one: both sides win often.
    expect(Math.min(won.cancel, won.complete)).toBeGreaterThan(25);
    await auditDatabase(lab.path());
  });
});

async function race(
  engine: Engine,
  jobId: string,
  gate: Gate<string>,
  random: () => number,
  won: { cancel: number; complete: number },
): Promise<void> {
  const turns = async (count: number): Promise<void> => {
    for (let turn = 0; turn < count; turn += 1) await (turn % 2 ? Promise.resolve() : new Promise((resolve) => setImmediate(resolve)));
  };
  const [cancelled] = await Promise.all([
    turns(Math.floor(random() * 6)).then(() =>
      engine.cancelJob(jobId).then(
        (view) => view.status,
        (error: { code: string }) => error.code,
      ),
    ),
    turns(Math.floor(random() * 6)).then(() => gate.open('done')),
  ]);
  const view = await ended(engine, jobId);
  const task = await taskOf(engine, jobId, 'a');
  const ends = (await eventsOf(engine, jobId))
    .filter(({ type }) => ['TASK_COMPLETED', 'TASKS_CANCELLED', 'JOB_COMPLETED', 'JOB_CANCELLED'].includes(type))
    .map(({ type }) => type);
  if (cancelled === 'CANCELLED') {
    won.cancel += 1;
    expect([view.status, task.status, ...ends]).toEqual(['CANCELLED', 'CANCELLED', 'TASKS_CANCELLED', 'JOB_CANCELLED']);
  } else {
    won.complete += 1;
    expect([cancelled, view.status, task.status, ...ends]).toEqual([
      'JOB_ALREADY_TERMINAL',
      'COMPLETED',
      'COMPLETED',
      'TASK_COMPLETED',
      'JOB_COMPLETED',
    ]);
  }
}
