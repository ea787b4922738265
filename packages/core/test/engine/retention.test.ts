import { describe, expect, it } from '@jest/globals';

import type { Engine, JobHandle, TaskContext } from '../../src/index.js';
import type { Clock } from '../../src/kernel/clock.js';
import { agent, echo } from '../helpers/agents.js';
import { Gate } from '../helpers/gate.js';
import { refusal } from '../helpers/inspect.js';
import { useLab, type LabOptions } from '../helpers/lab.js';
import { eventLoopTurns, VirtualClock } from '../helpers/virtual-clock.js';

const lab = useLab();
const DAY = 86_400_000;
const HOUR = 3_600_000;
const gate = new Gate();
const waits = agent('waits', () => gate.pass());
const caches = agent('caches', async (input, ctx: TaskContext) => (await ctx.cache.job.set('k', input), input));

const start = (clock: VirtualClock, options: LabOptions = {}): Promise<Engine> => lab.start([echo, waits, caches], { clock, ...options });
const run = async (engine: Engine, agentName = 'echo', name = 'job'): Promise<JobHandle> => {
  const handle = await engine.submitJob({ name, tasks: [{ key: 't', agent: agentName, input: 1 }], options: { idempotencyKey: name } });
  if (agentName !== 'waits') await handle.result();
  return handle;
};
const pass = async (clock: VirtualClock, ms: number): Promise<void> => {
  await clock.advance(ms);
  await eventLoopTurns(50);
};

describe('a job that has ended', () => {
  it('is kept for 30 days, and then deleted with everything that belongs to it (D21)', async () => {
    const clock = new VirtualClock();
    const engine = await start(clock);
    const { id } = await run(engine, 'caches');
    await pass(clock, 30 * DAY - HOUR);
    expect(await engine.reader.job(id)).not.toBeNull();
    await pass(clock, 3 * HOUR);

    expect(await engine.reader.job(id)).toBeNull();
    expect(await engine.reader.countTasks({ jobId: id })).toBe(0);
    expect(await refusal(engine.job(id).status())).toMatchObject({ code: 'NOT_FOUND' });
    // Its key is free again.
    expect((await run(engine, 'caches')).id).not.toBe(id);
  });

  it.each([
    ['1d', DAY + 2 * HOUR, 0],
    ['3d', DAY + 2 * HOUR, 1],
    [0, 400 * DAY, 1],
  ] as const)('is kept as long as `retention` says: %s', async (retention, later, jobs) => {
    const clock = new VirtualClock();
    const engine = await start(clock, { retention });
    await run(engine);
    await pass(clock, later);

    expect(await engine.reader.countJobs({})).toBe(jobs);
  });

  it('is not older because the clock was set forward while the engine runs', async () => {
    const clock = new VirtualClock();
    let setForwardMs = 0;
    const wall: Clock = {
      now: () => clock.now() + setForwardMs,
      monotonic: () => clock.monotonic(),
      schedule: (delayMs, act) => clock.schedule(delayMs, act),
    };
    const engine = await lab.start([echo], { clock: wall });
    const { id } = await run(engine);
    setForwardMs = 3_650 * DAY;
    await pass(clock, 2 * HOUR);
    expect(await engine.reader.job(id)).not.toBeNull();
    await pass(clock, 30 * DAY);

    expect(await engine.reader.job(id)).toBeNull();
  });

  it('is deleted at the next start where it was due while nobody was there', async () => {
    const clock = new VirtualClock();
    const engine = await start(clock);
    await run(engine);
    await lab.stop(engine);
    clock.jump(31 * DAY);
    const again = await start(clock);
    await eventLoopTurns(50);

    expect(await again.reader.countJobs({})).toBe(0);
  });

  it('leaves those that have not ended, however old they are', async () => {
    const clock = new VirtualClock();
    const engine = await lab.start([waits, echo], { clock, timeout: 0, monitor: false });
    const open = await run(engine, 'waits', 'open');
    await run(engine, 'echo', 'ended');
    await pass(clock, 100 * DAY);

    expect((await engine.reader.jobs({}, { first: 9 })).items.map(({ id }) => id)).toEqual([open.id]);
    gate.open();
    await open.result();
  });

  it('answers whoever comes back with a cursor that its events are gone', async () => {
    const clock = new VirtualClock();
    const engine = await start(clock);
    const { id } = await run(engine);
    await pass(clock, 31 * DAY);
    const resume = async (): Promise<void> => {
      for await (const _ of engine.events(id, { afterSeq: 2 }));
    };

    expect(await refusal(resume())).toMatchObject({ code: 'CURSOR_EXPIRED' });
  });
});
