import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { Bench } from '../../test/dispatch/bench.js';
import { simulate, type Arrival } from '../../test/dispatch/simulate.js';
import type { AgentDemands } from '../model/demands.js';
import type { ReadyTask } from '../ports/dispatcher.js';

const AGENTS: { readonly [name: string]: Partial<AgentDemands> } = {
  narrow: { concurrency: 1 },
  wide: { concurrency: 3, limits: ['api'] },
  heavy: { resources: { cpu: 3, memoryMb: 500 } },
  light: { resources: { cpu: 0.5 } },
  keyed: { concurrencyPerKey: 2 },
  solo: { exclusive: true },
  rated: { rate: { starts: 3, perMs: 40 }, limits: ['api'] },
};
const POOLS = { cpu: 4, memoryMb: 1_000 };
const NAMED = { api: { concurrency: 2, rate: { starts: 5, perMs: 100 } } };
const OF_JOB: { readonly [jobId: string]: number | null } = { j1: 1, j2: 2, j3: null };

const tasks = fc
  .record({
    jobId: fc.constantFrom(...Object.keys(OF_JOB)),
    agent: fc.constantFrom('plain', ...Object.keys(AGENTS)),
    priority: fc.integer({ min: 1, max: 10 }),
    deadline: fc.option(fc.nat(1_000)),
    criticalPath: fc.integer({ min: 1, max: 5 }),
    alone: fc.integer({ min: 0, max: 30 }).map((chance) => chance === 0),
    demands: fc.option(
      fc.record(
        {
          concurrencyKey: fc.constantFrom('a', 'b'),
          limits: fc.constantFrom(['api'], ['api', 'gone'], []),
          resources: fc.constantFrom({ memoryMb: 700 }, { cpu: 4 }, { cpu: 1, memoryMb: 100 }),
        },
        { requiredKeys: [] },
      ),
    ),
  })
  .map((fields): Partial<ReadyTask> => ({ ...fields, maxParallelInJob: OF_JOB[fields.jobId]! }));
const moves = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: tasks },
    { weight: 4, arbitrary: fc.nat(99) },
    { weight: 3, arbitrary: fc.constant('take' as const) },
    { weight: 1, arbitrary: fc.constant('wait' as const) },
  ),
  { maxLength: 100, size: 'max' },
);

/** Counts by itself what running tasks hold of each limit. */
function held(running: readonly ReadyTask[], places: number): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (name: string, amount = 1): void => void counts.set(name, (counts.get(name) ?? 0) + amount);
  for (const { jobId, agent, demands, alone, maxParallelInJob } of running) {
    const ofAgent = AGENTS[agent] ?? {};
    add('process', alone || ofAgent.exclusive ? places : 1);
    if (maxParallelInJob !== null) add(`job:${jobId}`);
    if (ofAgent.concurrency !== undefined) add(`agent:${agent}`);
    if (demands?.concurrencyKey !== undefined) add(`key:${agent}#${demands.concurrencyKey}`);
    for (const name of new Set([...(ofAgent.limits ?? []), ...(demands?.limits ?? [])])) add(`limit:${name}`);
    for (const [pool, amount] of Object.entries(demands?.resources ?? ofAgent.resources ?? {})) add(`pool:${pool}`, amount);
  }
  return counts;
}

describe('the dispatcher, whatever is asked of it', () => {
  it('exceeds no limit, leaves no place empty for which somebody waits, and forgets nobody', () => {
    fc.assert(
      fc.property(moves, fc.integer({ min: 1, max: 6 }), (list, places) => {
        const bench = new Bench({ maxParallel: places, pools: POOLS, namedLimits: NAMED }, AGENTS);
        let running: ReadyTask[] = [];
        const waiting = new Set<ReadyTask>();
        const check = (): void => {
          const counts = held(running, places);
          const wrong = bench.local
            .gauges()
            .filter(({ limit, kind, taken, capacity }) => taken > capacity || (kind !== 'rate' && taken !== (counts.get(limit) ?? 0)));
          if (wrong.length > 0) expect(wrong).toEqual([]);
        };
        const take = (): void => {
          for (const task of bench.takeAll()) {
            if (!waiting.delete(task)) throw new Error(`Task ${task.no} started twice.`);
            running.push(task);
          }
          // Whoever still waits does so because of a limit that is full, or that someone more urgent waits for.
          const forgotten = [...waiting].filter(({ jobId, no }) => bench.local.waitingFor(jobId, no) === null);
          if (forgotten.length > 0) expect(forgotten).toEqual([]);
          check();
        };
        const stop = (index: number): void => {
          const [task] = running.splice(index % Math.max(1, running.length), 1);
          if (task) bench.release(task);
          check();
        };
        for (const move of list) {
          if (move === 'take') take();
          else if (move === 'wait') bench.clock.advance(25);
          else if (typeof move === 'number') stop(move);
          else waiting.add(bench.offer(move));
        }
        for (let round = 0; waiting.size > 0 && round < 1_000; round += 1) {
          take();
          if (running.length > 0) stop(0);
          else bench.clock.advance(10);
        }

        expect(waiting.size).toBe(0);
        for (const task of running) bench.release(task);
        running = [];
        check();
        // Nothing is left of limits that last only as long as somebody uses them.
        expect(bench.local.gauges().filter(({ kind }) => kind === 'key' || kind === 'job')).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('starts a task that needs two limits although they are never free at the same time', () => {
    const both = { demands: { limits: ['left', 'right'] } };
    const streams: Arrival[] = Array.from({ length: 400 }, (_, index) => [
      { at: index * 20, durationMs: 20, fields: { jobId: 'left', demands: { limits: ['left'] } } },
      { at: index * 20 + 10, durationMs: 20, fields: { jobId: 'right', demands: { limits: ['right'] } } },
    ]).flat();
    const limit = { concurrency: 1, rate: null };
    const passages = simulate([...streams, { at: 15, durationMs: 1, fields: { jobId: 'own', ...both } }], {
      maxParallel: 10,
      namedLimits: { left: limit, right: limit },
    });
    const own = passages.find(({ arrival }) => arrival.fields.jobId === 'own');

    expect(own!.startedAt).toBeLessThan(1_000);
  });
});

describe('100,000 waiting tasks', () => {
  const STARTS = 2_000;
  const bench = (): Bench => new Bench({ maxParallel: 8, pools: POOLS, namedLimits: { api: { concurrency: 2, rate: null } } }, AGENTS);

  /** How long it takes to stop and start so many while the others wait. */
  const cost = (count: number, fields: (index: number) => Partial<ReadyTask>): number => {
    const waiting = bench();
    for (let index = 0; index < count; index += 1) waiting.offer(fields(index));
    const running = waiting.takeAll();
    const startedAt = performance.now();
    for (let started = 0; started < STARTS; started += 1) {
      waiting.release(running.shift()!);
      for (let next = waiting.local.take(); next; next = waiting.local.take()) running.push(next);
    }
    return performance.now() - startedAt;
  };

  it.each<[string, (index: number) => Partial<ReadyTask>]>([
    ['of one job', () => ({})],
    ['of as many jobs', (index) => ({ jobId: `job-${index}` })],
    ['of an agent with one place', (index) => ({ jobId: `job-${index % 100}`, agent: 'narrow' })],
    [
      'of all urgencies and deadlines',
      (index) => ({ priority: 1 + (index % 10), deadline: (index * 7_919) % 100_000, criticalPath: index % 13 }),
    ],
    [
      'that need two limits and a pool',
      (index) => ({ jobId: `job-${index % 10}`, maxParallelInJob: 2, agent: 'heavy', demands: { limits: ['api'] } }),
    ],
  ])('%s cost no more each than 10,000 do', (_, fields) => {
    // O(log n) would be 1.25; looking at all of them each time would be 10. A busy machine may spoil a measurement, or two.
    const ratio = (): number => cost(100_000, fields) / cost(10_000, fields);
    const measured = [ratio()];
    while (measured.at(-1)! >= 4 && measured.length < 4) measured.push(ratio());

    expect(Math.min(...measured)).toBeLessThan(4);
  });

  it('of an agent with one place all start, one after the other', () => {
    const waiting = bench();
    for (let index = 0; index < 100_000; index += 1) waiting.offer({ agent: 'narrow' });
    let started = 0;
    for (let next = waiting.local.take(); next; next = waiting.local.take()) {
      started += 1;
      waiting.release(next);
    }

    expect(started).toBe(100_000);
  });
});
