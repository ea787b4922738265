import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import type { TaskContext } from '../../src/index.js';
import type { Clock } from '../../src/kernel/clock.js';
import { agent, counted, echo } from '../helpers/agents.js';
import { forever, Gate } from '../helpers/gate.js';
import { ended, eventsOf, outputOf, statusesOf, taskOf } from '../helpers/inspect.js';
import { useLab } from '../helpers/lab.js';
import { VirtualClock } from '../helpers/virtual-clock.js';

const lab = useLab();
const HOUR = 3_600_000;

describe('a clock that is set back while a job runs', () => {
  it('makes no duration negative and no event older than the one before', async () => {
    const clock = new VirtualClock();
    const setBack = agent('set-back', () => {
      clock.jump(-HOUR);
      return 1;
    });
    const engine = await lab.start([setBack, echo], { clock });
    const job = await engine.submitJob({
      name: 'job',
      tasks: [
        { key: 'a', agent: 'set-back', input: {} },
        { key: 'b', agent: 'echo', input: {}, dependsOn: ['a'] },
      ],
    });
    await ended(engine, job.id);

    const times = (await eventsOf(engine, job.id)).map(({ at }) => at);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const { items } = await engine.reader.tasks({ jobId: job.id }, { first: 10 });
    for (const { startedAt, finishedAt } of items) expect(finishedAt! - startedAt!).toBeGreaterThanOrEqual(0);
    const { createdAt, finishedAt } = await job.status();
    expect(finishedAt! - createdAt).toBeGreaterThanOrEqual(0);
  });
});

describe('a clock that jumps while an attempt runs', () => {
  it.each([HOUR, -HOUR, 10 * 365 * 24 * HOUR])('by %d ms neither ends the attempt early nor gives it more time', async (jump) => {
    const clock = new VirtualClock();
    let offset = 0;
    // What people set on the wall; timers and time that passes know nothing of it.
    const wall: Clock = {
      now: () => clock.now() + offset,
      monotonic: () => clock.monotonic(),
      schedule: (delayMs, act) => clock.schedule(delayMs, act),
    };
    const engine = await lab.start(
      [agent('slow', forever, { timeout: '10s' }), agent('quiet', forever, { timeout: 0, idleTimeout: '10s' })],
      { clock: wall, grace: 0 },
    );
    const { id } = await engine.submitJob({
      name: 'job',
      tasks: ['slow', 'quiet'].map((name) => ({ key: name, agent: name, failureStrategy: 'continue' })),
    });
    await clock.advance(5_000);
    offset = jump;
    await clock.advance(4_900);
    expect(await statusesOf(engine, id)).toEqual({ slow: 'IN_PROGRESS', quiet: 'IN_PROGRESS' });
    await clock.advance(200);

    await ended(engine, id);
    expect((await taskOf(engine, id, 'slow')).error?.code).toBe('TASK_TIMEOUT');
    expect((await taskOf(engine, id, 'quiet')).error?.code).toBe('TASK_IDLE');
    for (const { startedAt, finishedAt } of (await engine.reader.tasks({ jobId: id }, { first: 10 })).items)
      expect(finishedAt! - startedAt!).toBeGreaterThanOrEqual(0);
  });
});

describe('a clock that is set back between two starts of the engine', () => {
  it('lets a sleep that was over be over, and a question keep its time', async () => {
    const clock = new VirtualClock();
    const gate = new Gate();
    const { agent: sleeper, starts } = counted('sleeper', async (_: unknown, ctx: TaskContext) => {
      await ctx.sleep('nap', '10s');
      await gate.pass();
      const { timedOut } = await ctx.ask('sure', { question: 'Sure?', schema: z.boolean(), deadline: '1m' });
      return timedOut;
    });
    const engine = await lab.start([sleeper], { clock });
    const { id } = await engine.submitJob({ name: 'job', tasks: [{ key: 'a', agent: 'sleeper' }] });
    await clock.advance(10_000);
    await gate.reached();
    clock.jump(-HOUR);
    const again = await lab.restart(engine, [sleeper], { clock });
    gate.open();
    await clock.advance(1_000);

    // Before the nap, after it, and once more because the engine was stopped.
    expect(starts).toHaveLength(3);
    expect(await statusesOf(again, id)).toEqual({ a: 'BLOCKED WAITING_HUMAN' });
    await clock.advance(HOUR + 60_000);
    expect(await outputOf(again, id, 'a')).toBe(true);
  });
});
