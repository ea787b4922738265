import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { p95, simulate, type Arrival, type Passage } from '../../test/dispatch/simulate.js';
import type { AgentDemands } from '../model/demands.js';
import type { ReadyTask } from '../ports/dispatcher.js';

interface Flood {
  readonly tasks: number;
  readonly durationMs: number;
  /** How long before the other job's first task it began. */
  readonly headStartMs: number;
  readonly fields: (index: number) => Partial<ReadyTask>;
}

const plain = (): Partial<ReadyTask> => ({});
const flood = ({ tasks, durationMs, fields }: Flood): Arrival[] =>
  Array.from({ length: tasks }, (_, index) => ({ at: 0, durationMs, fields: { jobId: 'flood', ...fields(index) } }));

const own = (passages: readonly Passage[]): readonly Passage[] => passages.filter(({ arrival }) => arrival.fields.jobId === 'own');
const waits = (passages: readonly Passage[]): number[] => own(passages).map(({ arrival, startedAt }) => startedAt - arrival.at);
const stays = (passages: readonly Passage[]): number[] => own(passages).map(({ arrival, endedAt }) => endedAt - arrival.at);

/** Enough that the flood lasts until the other job is through. */
function floodTasks(places: number, durationMs: number, untilMs: number): number {
  return Math.ceil((places * untilMs) / durationMs);
}

describe('a job that is flooded out by another one', () => {
  const agents: { readonly [name: string]: Partial<AgentDemands> } = Object.fromEntries(
    Array.from({ length: 50 }, (_, index) => [`agent-${index}`, { concurrency: 1 }]),
  );
  const floods = fc.record({
    places: fc.integer({ min: 1, max: 8 }),
    floodMs: fc.integer({ min: 50, max: 200 }),
    ownMs: fc.integer({ min: 50, max: 200 }),
    headStartMs: fc.constantFrom(0, 1_000, 45_000),
    shape: fc.constantFrom<Flood['fields']>(
      plain,
      () => ({ criticalPath: 40 }),
      (index) => ({ agent: `agent-${index % 50}` }),
      (index) => ({ demands: { concurrencyKey: `key-${index}` } }),
      (index) => ({ criticalPath: index % 3, maxParallelInJob: 100 }),
    ),
  });

  it('waits at p95 at most three times as long as alone, when it brings many tasks at once', () => {
    fc.assert(
      fc.property(floods, fc.integer({ min: 12, max: 20 }), ({ places, floodMs, ownMs, headStartMs, shape }, rounds) => {
        const burst = Array.from({ length: rounds * places }, () => ({ at: headStartMs, durationMs: ownMs, fields: { jobId: 'own' } }));
        const tasks = floodTasks(places, floodMs, headStartMs + 4 * rounds * ownMs);
        const alone = simulate(burst, { maxParallel: places });
        const beside = simulate(
          [...flood({ tasks, durationMs: floodMs, headStartMs, fields: shape }), ...burst],
          { maxParallel: places },
          agents,
        );

        expect(p95(waits(beside))).toBeLessThanOrEqual(3 * p95(waits(alone)));
      }),
      { numRuns: 30 },
    );
  });

  it('takes at p95 at most three times as long as alone, when it brings a task now and then', () => {
    fc.assert(
      fc.property(floods, fc.array(fc.integer({ min: 400, max: 1_200 }), { minLength: 40, maxLength: 60 }), (shapeOfFlood, gaps) => {
        const { places, ownMs, headStartMs, shape } = shapeOfFlood;
        // Nothing is cut off in the middle: a task that comes waits for the next place, however long that takes.
        const floodMs = Math.min(shapeOfFlood.floodMs, 2 * ownMs);
        let at = headStartMs;
        const stream = gaps.map((gap) => ({ at: (at += gap), durationMs: ownMs, fields: { jobId: 'own' } }));
        const tasks = floodTasks(places, floodMs, at + 10 * ownMs);
        const alone = simulate(stream, { maxParallel: places });
        const beside = simulate(
          [...flood({ tasks, durationMs: floodMs, headStartMs, fields: shape }), ...stream],
          { maxParallel: places },
          agents,
        );

        expect(p95(stays(beside))).toBeLessThanOrEqual(3 * p95(stays(alone)));
      }),
      { numRuns: 30 },
    );
  });

  it('gets half of the time, not half of the starts, beside a job of longer tasks', () => {
    const many = (jobId: string, count: number, durationMs: number): Arrival[] =>
      Array.from({ length: count }, () => ({ at: 0, durationMs, fields: { jobId } }));
    const passages = simulate([...many('flood', 100, 1_000), ...many('own', 400, 100)], { maxParallel: 4 });
    const ended = Math.max(...own(passages).map(({ endedAt }) => endedAt));

    // 40 s of work on half of four places.
    expect(ended).toBeGreaterThan(15_000);
    expect(ended).toBeLessThan(24_000);
  });

  it('shares with all others alike', () => {
    const jobs = Array.from({ length: 10 }, (_, index) => `job-${index}`);
    const arrivals = jobs.flatMap((jobId) => Array.from({ length: 50 }, () => ({ at: 0, durationMs: 100, fields: { jobId } })));
    const passages = simulate(arrivals, { maxParallel: 2 }).toSorted((a, b) => a.startedAt - b.startedAt);
    const firstHalf = passages.slice(0, passages.length / 2);
    const counts = jobs.map((jobId) => firstHalf.filter(({ arrival }) => arrival.fields.jobId === jobId).length);

    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(2);
  });
});
