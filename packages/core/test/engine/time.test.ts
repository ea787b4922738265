import { describe, expect, it } from '@jest/globals';

import type { JobOptions, TaskContext, TaskSubmission } from '../../src/index.js';
import { agent, counted, echo } from '../helpers/agents.js';
import { forever, Gate } from '../helpers/gate.js';
import { ended, eventOf, eventsOf, refusal, statusesOf, taskOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import { VirtualClock } from '../helpers/virtual-clock.js';

const lab = useLab();

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('ctx.sleep', () => {
  it('takes no place while it waits, and the agent goes on from the top when the time has come: three days in a moment', async () => {
    const clock = new VirtualClock();
    const sleeper = counted('sleeper', async (_: unknown, ctx: TaskContext) => {
      await ctx.sleep('night', '3d');
      return ctx.attempt.number;
    });
    const engine = await lab.start([sleeper.agent, echo], { clock, maxParallel: 1 });
    const { id } = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 's', agent: 'sleeper', priority: 10 },
        { key: 'other', agent: 'echo', input: 1 },
      ],
    });
    await clock.advance(10);
    expect(await taskOf(engine, id, 's')).toMatchObject({ status: 'BLOCKED', statusReason: 'WAITING_TIMER' });
    expect((await taskOf(engine, id, 'other')).status).toBe('COMPLETED');
    await clock.advance(3 * DAY - 11);
    expect(sleeper.starts).toHaveLength(1);
    await clock.advance(10);

    expect((await ended(engine, id)).status).toBe('COMPLETED');
    expect(sleeper.starts).toHaveLength(2);
    const starts = (await eventsOf(engine, id)).filter(({ type, taskKey }) => type === 'TASK_STARTED' && taskKey === 's');
    expect(starts.map(({ data }) => data['attempt'])).toEqual([1, 1]);
  });

  it('goes on across a stop of the engine with what is left of it, and is over at once where its time passed meanwhile', async () => {
    const clock = new VirtualClock();
    const sleeper = counted('sleeper', async (_: unknown, ctx: TaskContext) => {
      await ctx.sleep('one', '1h');
      await ctx.sleep('two', new Date(ctx.task.key === 's' ? clock.now() + HOUR : 0));
      return 'rested';
    });
    const first = await lab.start([sleeper.agent], { clock });
    const { id } = await first.submitJob({ name: 'job', tasks: [{ key: 's', agent: 'sleeper' }] });
    await clock.advance(HOUR / 2);
    const second = await lab.restart(first, [sleeper.agent], { clock });
    await clock.advance(HOUR / 2 - 1_000);
    expect(sleeper.starts).toHaveLength(1);
    await clock.advance(2_000);
    expect(sleeper.starts).toHaveLength(2);
    await lab.stop(second);
    clock.jump(DAY);
    const engine = await lab.start([sleeper.agent], { clock });
    await clock.advance(10);

    expect((await ended(engine, id)).status).toBe('COMPLETED');
    expect(sleeper.starts).toHaveLength(3);
  });

  it('can be asked for together with a task: the run goes on when both have come', async () => {
    const clock = new VirtualClock();
    const both = counted('both', async (_: unknown, ctx: TaskContext) => {
      const [answer] = await Promise.all([ctx.need('echo', 'answer'), ctx.sleep('pause', '10m')]);
      return answer;
    });
    const engine = await lab.start([both.agent, echo], { clock });
    const { id } = await engine.submitJob({ name: 'job', tasks: [{ key: 'b', agent: 'both' }] });
    await clock.advance(60_000);
    expect(await taskOf(engine, id, 'b')).toMatchObject({ statusReason: 'WAITING_TIMER' });
    expect((await taskOf(engine, id, 'b.echo')).status).toBe('COMPLETED');
    await clock.advance(10 * 60_000);
    expect((await ended(engine, id)).status).toBe('COMPLETED');
    expect(both.starts).toHaveLength(2);
  });

  it.each(['5 minutes', '-1s', Number.NaN, Number.POSITIVE_INFINITY, 1e12, -1, '', null, new Date(Number.NaN)])(
    'refuses %p as a time, at the line of the call (D10)',
    async (time) => {
      const thrown: unknown[] = [];
      const bad = agent('bad', async (_: unknown, ctx) => {
        await ctx.sleep('nap', time as never).catch((error: unknown) => thrown.push(error));
      });
      const engine = await lab.start([bad]);
      const { id } = await engine.submitJob({ name: 'job', tasks: [{ key: 'b', agent: 'bad' }] });
      await ended(engine, id);
      expect(thrown).toMatchObject([{ code: 'OPTIONS_INVALID', message: expect.stringContaining('nap') as unknown }]);
    },
  );

  it('ends with the job when that is cancelled', async () => {
    const clock = new VirtualClock();
    const sleeper = counted('sleeper', (_: unknown, ctx: TaskContext) => ctx.sleep('long', '1d'));
    const engine = await lab.start([sleeper.agent], { clock });
    const { id } = await engine.submitJob({ name: 'job', tasks: [{ key: 's', agent: 'sleeper' }] });
    await clock.advance(10);
    await engine.cancelJob(id);
    await clock.advance(2 * DAY);
    expect(sleeper.starts).toHaveLength(1);
    expect(await statusesOf(engine, id)).toEqual({ s: 'CANCELLED JOB_CANCELLED' });
  });
});

/** A job of one task that notes its start, on a clock of its own. */
async function timed(options: (now: number) => JobOptions, task: (now: number) => Partial<TaskSubmission> = () => ({}), file = 'jobs.db') {
  const clock = new VirtualClock();
  const work = counted('work', () => 'done');
  const stuck = agent('stuck', () => forever(), { timeout: '9d' });
  const definitions = [work.agent, stuck, echo];
  const engine = await lab.start(definitions, { clock, grace: 0, file });
  const { id } = await engine.submitJob({
    name: 'job',
    tasks: [{ key: 't', agent: 'work', ...task(clock.now()) }],
    options: options(clock.now()),
  });
  return { clock, engine, id, work, definitions };
}

describe('a start time', () => {
  it('holds back the whole job until then, also across a restart', async () => {
    const { clock, engine: first, id, work, definitions } = await timed((now) => ({ runAt: new Date(now + HOUR) }));
    await clock.advance(HOUR - 1_000);
    const engine = await lab.restart(first, definitions, { clock });
    expect(work.starts).toEqual([]);
    expect((await taskOf(engine, id, 't')).status).toBe('PENDING');
    await clock.advance(2_000);
    expect((await ended(engine, id)).success).toBe(true);
    expect((await eventsOf(engine, id)).map(({ type }) => type)).toContain('JOB_STARTED');
  });

  it('that has passed already starts the job at once', async () => {
    const { clock, engine, id } = await timed((now) => ({ runAt: now - HOUR }));
    await clock.advance(10);
    expect((await ended(engine, id)).success).toBe(true);
  });

  it('of one task holds back that task, and what waits for it', async () => {
    const { clock, engine, id, work } = await timed(
      () => ({}),
      (now) => ({ runAt: now + HOUR }),
    );
    await clock.advance(HOUR - 1);
    expect(work.starts).toEqual([]);
    expect((await taskOf(engine, id, 't')).status).toBe('READY');
    await clock.advance(2);
    expect((await ended(engine, id)).success).toBe(true);
  });
});

describe('a deadline', () => {
  it.each([
    ['deadline', (now: number): JobOptions => ({ deadline: new Date(now + HOUR) })],
    ['timeLimit', (): JobOptions => ({ timeLimit: '1h' })],
    ['the earlier of both', (now: number): JobOptions => ({ timeLimit: '1d', deadline: new Date(now + HOUR).toISOString() })],
  ])('of a job fails it when it has not ended by then: %s (D5)', async (_, options) => {
    const { clock, engine, id } = await timed(options, () => ({ agent: 'stuck' }));
    await clock.advance(HOUR - 1);
    expect((await engine.job(id).status()).status).toBe('RUNNING');
    await clock.advance(2);

    expect(await ended(engine, id)).toMatchObject({ status: 'FAILED', success: false, error: { code: 'JOB_TIMEOUT' } });
    expect(await statusesOf(engine, id)).toEqual({ t: 'CANCELLED JOB_TIMED_OUT' });
  });

  it('of a job that passed while no engine ran fails it at the next start', async () => {
    const {
      clock,
      engine: first,
      id,
      definitions,
    } = await timed(
      () => ({ timeLimit: '1h' }),
      () => ({ agent: 'stuck' }),
    );
    await clock.advance(10);
    await lab.stop(first);
    clock.jump(DAY);
    const engine = await lab.start(definitions, { clock, grace: 0 });
    await clock.advance(10);
    expect(await ended(engine, id)).toMatchObject({ status: 'FAILED', error: { code: 'JOB_TIMEOUT' } });
  });

  it('counts also while the job is paused, or waits to be confirmed', async () => {
    const { clock, engine, id, work } = await timed(() => ({ timeLimit: '1h', confirm: true }));
    await clock.advance(HOUR + 1);
    expect(await ended(engine, id)).toMatchObject({ status: 'FAILED', error: { code: 'JOB_TIMEOUT' } });
    expect(work.starts).toEqual([]);
  });

  it('of a task fails the task, whatever it waits for, and its strategy decides about the rest', async () => {
    const { clock, engine, id } = await timed(
      () => ({ failureStrategy: 'continue' }),
      (now) => ({ agent: 'stuck', deadline: now + HOUR }),
    );
    await clock.advance(HOUR + 1);
    expect(await ended(engine, id)).toMatchObject({ status: 'COMPLETED', success: false });
    expect(await taskOf(engine, id, 't')).toMatchObject({
      status: 'FAILED',
      statusReason: 'DEADLINE_PASSED',
      error: { code: 'DEADLINE_EXCEEDED' },
    });
  });

  it('that has passed does not keep a job, or a task, from being retried by hand', async () => {
    const gate = new Gate();
    const clock = new VirtualClock();
    const engine = await lab.start([agent('waits', () => gate.pass(), { timeout: '9d' })], { clock, grace: 0 });
    const { id } = await engine.submitJob({
      name: 'job',
      tasks: [{ key: 't', agent: 'waits', deadline: clock.now() + 2 * HOUR }],
      options: { timeLimit: '1h' },
    });
    await clock.advance(HOUR + 1);
    expect((await engine.job(id).status()).status).toBe('FAILED');
    await engine.retryJob(id);
    await clock.advance(DAY);
    expect((await engine.job(id).status()).status).toBe('RUNNING');
    gate.open();
    expect((await ended(engine, id)).success).toBe(true);
  });
});

describe('a job that is to be confirmed', () => {
  it('runs nothing before, also across a restart; then it runs, and knows who confirmed it', async () => {
    const { clock, engine: first, id, work, definitions } = await timed(() => ({ confirm: true }));
    await clock.advance(HOUR);
    const engine = await lab.restart(first, definitions, { clock });
    expect((await engine.job(id).status()).status).toBe('AWAITING_CONFIRMATION');
    expect(work.starts).toEqual([]);
    expect(await engine.confirmJob(id, { actor: 'anna' })).toMatchObject({ status: 'RUNNING' });
    await clock.advance(10);
    expect((await ended(engine, id)).success).toBe(true);
    expect((await eventsOf(engine, id)).find(({ type }) => type === 'JOB_CONFIRMED')).toMatchObject({ actor: 'user:anna' });
    expect((await refusal(engine.confirmJob(id))).code).toBe('ILLEGAL_MOVE');
    expect((await refusal(engine.confirmJob('nonsense'))).code).toBe('NOT_FOUND');
  });

  it('still waits for its start time, and can be cancelled before', async () => {
    const { clock, engine, id, work } = await timed((now) => ({ confirm: true, runAt: now + HOUR }));
    await engine.confirmJob(id);
    await clock.advance(HOUR - 1);
    expect(work.starts).toEqual([]);
    await clock.advance(2);
    expect((await ended(engine, id)).success).toBe(true);

    const {
      engine: other,
      id: cancelled,
      work: never,
    } = await timed(
      () => ({ confirm: true }),
      () => ({}),
      'other.db',
    );
    await other.cancelJob(cancelled);
    expect((await ended(other, cancelled)).status).toBe('CANCELLED');
    expect(never.starts).toEqual([]);
  });
});

describe('a time that is none (D10)', () => {
  it.each<[string, JobOptions]>([
    ['runAt', { runAt: 'tomorrow' }],
    ['runAt', { runAt: Number.NaN }],
    ['deadline', { deadline: -1 }],
    ['deadline', { deadline: '2026-13-45' }],
    ['timeLimit', { timeLimit: '5 minutes' as never }],
    ['timeLimit', { timeLimit: -1 }],
    ['timeLimit', { timeLimit: 0 }],
    ['timeLimit', { timeLimit: Number.POSITIVE_INFINITY }],
    ['timeLimit', { timeLimit: 1e12 }],
    ['confirm', { confirm: 'yes' as never }],
  ])('%s: %j is refused, and nothing is stored', async (name, options) => {
    const engine = await lab.start([echo]);
    const refused = await refusal(engine.submitJob({ name: 'job', tasks: [{ key: 't', agent: 'echo' }], options }));
    expect(refused.code).toBe('OPTIONS_INVALID');
    expect(refused.message).toContain(`\`${name}\``);
    expect((await engine.reader.jobs({}, { first: 1 })).items).toEqual([]);
  });

  it.each<[string, Partial<TaskSubmission>]>([
    ['runAt', { runAt: 'later' }],
    ['deadline', { deadline: new Date(Number.NaN) }],
  ])('%s of a task is refused with its key', async (name, fields) => {
    const engine = await lab.start([echo]);
    const refused = await refusal(engine.submitJob({ name: 'job', tasks: [{ key: 'mine', agent: 'echo', ...fields }] }));
    expect(refused.code).toBe('GRAPH_INVALID');
    expect(refused.message).toContain(`\`${name}\` of "mine"`);
  });
});

describe('ctx.stream', () => {
  it('gives out what an agent writes, in order and whole, as events', async () => {
    const writer = agent('writer', (_: unknown, ctx) => {
      for (const word of ['one ', 'two ', 'three']) ctx.stream(word);
    });
    const engine = await lab.start([writer]);
    const { id } = await engine.submitJob({ name: 'job', tasks: [{ key: 'w', agent: 'writer' }] });
    await ended(engine, id);
    const texts = (await eventsOf(engine, id)).filter(({ type }) => type === 'TASK_STREAMED').map(({ data }) => data['text']);
    expect(texts.join('')).toBe('one two three');
    expect(await eventOf(engine, id, 'TASK_STREAMED', 'w')).toMatchObject({ taskKey: 'w' });
  });
});
