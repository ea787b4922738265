import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { defineWorkflow, type Engine, type ScheduleOptions, type ScheduleTimes, type WorkflowDefinition } from '../../src/index.js';
import { agent } from '../helpers/agents.js';
import { Gate } from '../helpers/gate.js';
import { refusal } from '../helpers/inspect.js';
import { SYNCHRONOUS, useLab } from '../helpers/lab.js';
import { FailingStore } from '../helpers/stores.js';
import { eventLoopTurns, VirtualClock } from '../helpers/virtual-clock.js';

const lab = useLab();
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const SECOND = 1_000;
const HOUR = 3_600_000;
const gate = new Gate();
const report = (schedule?: ScheduleTimes): WorkflowDefinition =>
  defineWorkflow({
    name: 'report',
    input: z.any(),
    plan: (flow, input) => flow.add('works', input).out,
    ...(schedule ? { schedule } : undefined),
  });
const works = agent('works', (input) => (input === 'waits' ? gate.pass() : input));
const every2s: ScheduleOptions = { id: 's', workflow: 'report', every: '2s' };

const start = (clock: VirtualClock, workflow = report()): Promise<Engine> => lab.start([works, workflow], { clock });
/** When the ticks were meant to be whose jobs there are, oldest first, in seconds of the clock's time. */
const ticksOf = async (engine: Engine, clock: VirtualClock): Promise<number[]> => {
  await eventLoopTurns(30);
  const { items } = await engine.reader.jobs({}, { first: 100 });
  return items
    .map(({ metadata }) => (Date.parse(String(metadata?.['scheduledFor'])) - (clock.now() - clock.monotonic())) / SECOND)
    .reverse();
};

describe('a schedule', () => {
  it('starts its workflow at each tick, with its input and options', async () => {
    const clock = new VirtualClock();
    const engine = await start(clock);
    await engine.createSchedule({ ...every2s, input: { n: 1 }, options: { priority: 8, tenant: 'acme' } });
    await clock.advance(6 * SECOND);

    expect(await ticksOf(engine, clock)).toEqual([2, 4, 6]);
    const [job] = (await engine.reader.jobs({}, { first: 1 })).items;
    expect(job).toMatchObject({ workflow: 'report', tenant: 'acme', priority: 8, metadata: { schedule: 's' } });
    expect(await engine.schedule('s')).toMatchObject({
      lastJobId: job!.id,
      lastProblem: null,
      every: 2_000,
      nextAt: clock.now() + 2 * SECOND,
    });
    expect((await engine.reader.events(job!.id, 0, 1))[0]).toMatchObject({ actor: 'user:schedule:s' });
  });

  it('F3: like a delayed job, fires on time after a restart, once for each tick', async () => {
    const clock = new VirtualClock();
    const engine = await start(clock);
    const delayed = await engine.startWorkflow('report', 1, { runAt: clock.now() + SECOND });
    await engine.createSchedule(every2s);
    await clock.advance(SECOND / 2);
    const again = await lab.restart(engine, [works, report()], { clock });
    await clock.advance(SECOND);
    expect((await again.job(delayed.id).status()).status).toBe('COMPLETED');
    await clock.advance(4.5 * SECOND);

    expect((await ticksOf(again, clock)).filter((second) => !Number.isNaN(second))).toEqual([2, 4, 6]);
  });

  it('starts one job for a tick also where the process dies between the job and the note that it was started', async () => {
    const clock = new VirtualClock();
    const engine = await start(clock);
    await engine.createSchedule(every2s);
    await clock.advance(2 * SECOND);
    const [job] = (await engine.reader.jobs({}, { first: 1 })).items;
    const same = await engine.startWorkflow('report', null, {
      tenant: 'default',
      metadata: job!.metadata!,
      actor: 'schedule:s',
      idempotencyKey: `schedule:s:${Date.parse(String(job!.metadata!['scheduledFor']))}`,
    });

    expect(same.id).toBe(job!.id);
  });

  it('keeps a tick whose job the store did not take, and starts it when the store is back', async () => {
    const clock = new VirtualClock();
    let store!: FailingStore;
    const storeAt = (path: string): FailingStore => (store = new FailingStore({ path, synchronous: SYNCHRONOUS }));
    const engine = await lab.start([works, report()], { clock, storeAt, logger: silent });
    await engine.createSchedule({ ...every2s, every: '1h' });
    store.refuses = (writes) => writes.some(({ created }) => created !== undefined);
    await clock.advance(HOUR);
    expect(await ticksOf(engine, clock)).toEqual([]);
    store.refuses = () => false;
    await clock.advance(60 * SECOND);

    expect(await ticksOf(engine, clock)).toEqual([3_600]);
  });

  it('that was missed many times starts one job for all of them', async () => {
    const clock = new VirtualClock();
    const engine = await start(clock);
    await engine.createSchedule({ ...every2s, every: '1h' });
    await lab.stop(engine);
    clock.jump(3.5 * HOUR);
    const again = await start(clock);
    await clock.advance(HOUR / 2);

    expect(await ticksOf(again, clock)).toEqual([3 * 3_600, 4 * 3_600]);
  });

  it('that skips what it missed starts nothing for a tick that is long past', async () => {
    const clock = new VirtualClock();
    const engine = await start(clock);
    await engine.createSchedule({ ...every2s, every: '1h', missed: 'skip' });
    await lab.stop(engine);
    clock.jump(3.5 * HOUR);
    const again = await start(clock);
    await clock.advance(0);

    expect(await ticksOf(again, clock)).toEqual([]);
    expect(await again.schedule('s')).toMatchObject({ lastJobId: null, lastProblem: expect.stringContaining('Nobody was there') });
    await clock.advance(HOUR / 2);
    expect(await ticksOf(again, clock)).toEqual([4 * 3_600]);
  });

  it.each([
    ['skip', 1],
    ['allow', 3],
  ] as const)('whose last job has not ended: %s', async (overlap, jobs) => {
    const clock = new VirtualClock();
    const engine = await start(clock);
    await engine.createSchedule({ ...every2s, input: 'waits', overlap });
    await clock.advance(6 * SECOND);

    expect(await ticksOf(engine, clock)).toHaveLength(jobs);
    expect((await engine.schedule('s'))!.lastProblem === null).toBe(overlap === 'allow');
  });

  it('starts nothing while it is paused, and does not make up for it', async () => {
    const clock = new VirtualClock();
    const engine = await start(clock);
    await engine.createSchedule(every2s);
    await engine.pauseSchedule('s');
    await clock.advance(10 * SECOND);
    expect(await ticksOf(engine, clock)).toEqual([]);
    await engine.resumeSchedule('s');
    await clock.advance(2 * SECOND);

    expect(await ticksOf(engine, clock)).toEqual([12]);
  });

  it('starts nothing once it is deleted', async () => {
    const clock = new VirtualClock();
    const engine = await start(clock);
    await engine.createSchedule(every2s);

    expect([await engine.deleteSchedule('s'), await engine.deleteSchedule('s')]).toEqual([true, false]);
    await clock.advance(10 * SECOND);
    expect(await ticksOf(engine, clock)).toEqual([]);
    expect(await engine.schedules()).toEqual([]);
  });

  it('keeps within its time, and says when it is over', async () => {
    const clock = new VirtualClock();
    const engine = await start(clock);
    const startAt = clock.now() + 5 * SECOND;
    await engine.createSchedule({ ...every2s, startAt, endAt: startAt + 2 * SECOND });
    await clock.advance(60 * SECOND);

    expect(await ticksOf(engine, clock)).toEqual([5, 7]);
    expect((await engine.schedule('s'))!.nextAt).toBeNull();
  });

  it('goes on after a tick whose workflow is not here', async () => {
    const clock = new VirtualClock();
    const engine = await start(clock);
    await engine.createSchedule(every2s);
    await lab.stop(engine);
    const without = await lab.start([works], { clock });
    await clock.advance(2 * SECOND);
    await eventLoopTurns(30);
    expect(await without.schedule('s')).toMatchObject({ lastProblem: expect.stringContaining('report') });
    const again = await lab.restart(without, [works, report()], { clock });
    await clock.advance(2 * SECOND);

    expect(await ticksOf(again, clock)).toEqual([4]);
  });
});

describe('a schedule that a workflow declares', () => {
  it('is there while it is declared, starts anew when it is changed, and stays paused', async () => {
    const clock = new VirtualClock();
    const engine = await start(clock, report({ every: '2s' }));
    expect(await engine.schedules()).toMatchObject([{ id: 'report', workflow: 'report', declared: true, paused: false, every: 2_000 }]);
    await clock.advance(2 * SECOND);
    await engine.pauseSchedule('report');
    const changed = await lab.restart(engine, [works, report({ every: '4s' })], { clock });
    expect(await changed.schedules()).toMatchObject([{ every: 4_000, paused: true, lastJobId: expect.any(String) }]);
    const gone = await lab.restart(changed, [works, report()], { clock });

    expect(await gone.schedules()).toEqual([]);
  });

  it('comes with a workflow that is registered while the engine runs', async () => {
    const clock = new VirtualClock();
    const engine = await lab.start([works], { clock });
    engine.register(report({ cron: '0 0 * * *' }));
    await eventLoopTurns(30);

    expect(await engine.schedules()).toMatchObject([{ id: 'report', cron: '0 0 * * *' }]);
  });

  it('is refused at once where it says no times', () => {
    expect(() => lab.create([report({ every: '10ms' })])).toThrow(expect.objectContaining({ code: 'SCHEDULE_INVALID' }));
  });
});

describe('what cannot be scheduled', () => {
  it.each<[string, Partial<ScheduleOptions> & Record<string, unknown>, RegExp]>([
    ['no times', { every: undefined as never }, /either `every` or `cron`/],
    ['both times', { cron: '0 0 * * *' }, /either `every` or `cron`/],
    ['a cron line that never comes', { every: undefined as never, cron: '0 0 30 2 *' }, /`cron` is "0 0 30 2 \*": it never comes/],
    ['no cron line', { every: undefined as never, cron: 'daily' }, /`cron` is "daily"/],
    ['no time zone', { timezone: 'Mars/Olympus' }, /`timezone` is "Mars\/Olympus"/],
    ['too often', { every: '1ms' }, /from one second to ten years/],
    ['over already', { endAt: 1 }, /No tick is left/],
    [
      'a wrong word',
      { missed: 'twice' as never, overlap: 'maybe' as never },
      /`missed` must be one of once, skip\. `overlap` must be one of skip, allow/,
    ],
    ['a typo', { evry: '1h' }, /did you mean `every`/],
    ['a key of its own', { options: { idempotencyKey: 'k' } as never }, /idempotencyKey/],
    ['no JSON', { input: { at: new Date() } as never }, /`input` is not JSON at \/at/],
    ['no name', { id: 'a b' }, /`id` is "a b"/],
  ])('is refused: %s', async (_, options, message) => {
    const engine = await start(new VirtualClock());

    expect(await refusal(engine.createSchedule({ ...every2s, ...options }))).toMatchObject({
      code: 'SCHEDULE_INVALID',
      message: expect.stringMatching(message),
    });
    expect(await engine.schedules()).toEqual([]);
  });

  it('is refused: an unknown workflow, an id that is taken, options that no job could have', async () => {
    const engine = await start(new VirtualClock());
    await engine.createSchedule(every2s);

    expect(await refusal(engine.createSchedule({ ...every2s, id: 'x', workflow: 'reprot' }))).toMatchObject({ code: 'UNKNOWN_WORKFLOW' });
    expect(await refusal(engine.createSchedule(every2s))).toMatchObject({ code: 'SCHEDULE_EXISTS' });
    expect(await refusal(engine.createSchedule({ ...every2s, id: 'x', options: { priority: 11 } }))).toMatchObject({
      code: 'OPTIONS_INVALID',
    });
    expect(await refusal(engine.pauseSchedule('nobody'))).toMatchObject({
      code: 'NOT_FOUND',
      message: 'There is no schedule nobody.',
      details: { id: 'nobody' },
    });
    for (const id of [5, Symbol('x'), null] as never[]) {
      expect(await refusal(engine.pauseSchedule(id))).toMatchObject({ code: 'NOT_FOUND' });
      expect(await refusal(engine.resumeSchedule(id))).toMatchObject({ code: 'NOT_FOUND' });
    }
    for (const given of [null, 5, 'x', []] as never[])
      expect(await refusal(engine.createSchedule(given))).toMatchObject({
        code: 'SCHEDULE_INVALID',
        message: expect.stringContaining(`The schedule is ${JSON.stringify(given)}; it must be an object`),
      });
  });
});
