import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import type { ReadyTask } from '../ports/dispatcher.js';
import { LocalDispatcher } from './local-dispatcher.js';

const AGEING_MS = 30_000;
let count = 0;

function ready(fields: Partial<ReadyTask> = {}): ReadyTask {
  count += 1;
  return { jobId: 'job', no: count, agent: 'work', priority: 5, readyAt: 0, maxParallelInJob: null, ...fields };
}

function dispatcher(maxParallel: number, capacities: { readonly [agent: string]: number } = {}): LocalDispatcher {
  const made = new LocalDispatcher({ maxParallel, ageingMs: AGEING_MS });
  for (const [agent, capacity] of Object.entries(capacities)) made.setAgentCapacity(agent, capacity);
  return made;
}

function takeAll(from: LocalDispatcher): ReadyTask[] {
  const taken: ReadyTask[] = [];
  for (let next = from.take(); next !== null; next = from.take()) taken.push(next);
  return taken;
}

describe('the order in which tasks start', () => {
  it('is by priority, then by how long they have been ready, then as they came', () => {
    const local = dispatcher(10);
    const [late, early, urgent, same] = [
      ready({ readyAt: 9 }),
      ready({ readyAt: 1 }),
      ready({ priority: 9, readyAt: 50 }),
      ready({ readyAt: 9 }),
    ];
    for (const task of [late, early, urgent, same]) local.offer(task);

    expect(takeAll(local)).toEqual([urgent, early, late, same]);
  });

  it('lets waiting make up for priority, a level for each ageing interval', () => {
    const local = dispatcher(10);
    const old = ready({ priority: 4, readyAt: 0 });
    const justYounger = ready({ priority: 5, readyAt: AGEING_MS - 1 });
    const younger = ready({ priority: 5, readyAt: AGEING_MS + 1 });
    for (const task of [younger, justYounger, old]) local.offer(task);

    expect(takeAll(local)).toEqual([justYounger, old, younger]);
  });

  it('starves nobody: the least urgent task starts while urgent ones keep coming', () => {
    const local = dispatcher(1);
    const patient = ready({ priority: 1, readyAt: 0 });
    local.offer(patient);
    let now = 0;
    let running: ReadyTask | null = null;
    while (running !== patient && now < 100 * AGEING_MS) {
      now += 1_000;
      local.offer(ready({ priority: 10, readyAt: now }));
      if (running) local.release(running);
      running = local.take();
    }

    expect(running).toBe(patient);
    expect(now).toBeLessThanOrEqual(9 * AGEING_MS + 1_000);
  });
});

describe('a limit', () => {
  it('of the process makes tasks wait', () => {
    const local = dispatcher(2);
    const tasks = [ready(), ready(), ready()];
    for (const task of tasks) local.offer(task);
    expect(takeAll(local)).toEqual(tasks.slice(0, 2));

    local.release(tasks[0]!);

    expect(takeAll(local)).toEqual([tasks[2]]);
  });

  it('of an agent holds back its tasks alone', () => {
    const local = dispatcher(10, { slow: 1 });
    const slow = [ready({ agent: 'slow', priority: 10 }), ready({ agent: 'slow', priority: 10 })];
    const other = ready({ priority: 1 });
    for (const task of [...slow, other]) local.offer(task);

    expect(takeAll(local)).toEqual([slow[0], other]);
    local.release(slow[0]!);
    expect(takeAll(local)).toEqual([slow[1]]);
  });

  it('of a job holds back its tasks alone', () => {
    const local = dispatcher(10);
    const own = [ready({ maxParallelInJob: 1 }), ready({ maxParallelInJob: 1 })];
    const other = ready({ jobId: 'other', maxParallelInJob: 1 });
    for (const task of [...own, other]) local.offer(task);

    expect(takeAll(local)).toEqual([own[0], other]);
    local.release(own[0]!);
    expect(takeAll(local)).toEqual([own[1]]);
  });

  it("does not hold up the engine's own agents", () => {
    const local = dispatcher(1);
    const user = [ready(), ready()];
    const own = [ready({ agent: '$map', maxParallelInJob: 1 }), ready({ agent: '$roll-up', maxParallelInJob: 1 })];
    for (const task of [...user, ...own]) local.offer(task);

    expect(takeAll(local)).toEqual([user[0], ...own]);
  });

  it('that is set while tasks of the agent run counts those that start from then on', () => {
    const local = dispatcher(10);
    const before = ready({ agent: 'late' });
    local.offer(before);
    local.take();
    local.setAgentCapacity('late', 1);
    const after = [ready({ agent: 'late' }), ready({ agent: 'late' })];
    for (const task of after) local.offer(task);
    expect(takeAll(local)).toEqual([after[0]]);

    // It never took a place of the new limit, so it has none to give back.
    local.release(before);

    expect(takeAll(local)).toEqual([]);
  });

  it('passes a freed place on when the task it woke cannot use it', () => {
    const local = dispatcher(1, { slow: 1 });
    const running = ready();
    local.offer(running);
    local.take();
    const slowRunning = ready({ agent: 'slow', priority: 10 });
    local.offer(slowRunning);
    local.release(running);
    expect(takeAll(local)).toEqual([slowRunning]);
    const slowWaiting = ready({ agent: 'slow', priority: 9 });
    const plain = ready({ priority: 1 });
    local.offer(slowWaiting);
    local.offer(plain);
    expect(takeAll(local)).toEqual([]);

    local.release(slowRunning);

    expect(takeAll(local)).toEqual([slowWaiting]);
    local.release(slowWaiting);
    expect(takeAll(local)).toEqual([plain]);
  });
});

// ── beside a naive dispatcher ─────────────────────────────────────────────────────────────────────────────────────

interface Capacities {
  readonly process: number;
  readonly agents: { readonly [agent: string]: number };
}

/** Looks at every waiting task each time. */
class NaiveDispatcher {
  readonly waiting: ReadyTask[] = [];
  readonly running: ReadyTask[] = [];

  constructor(private readonly capacities: Capacities) {}

  hasRoom(task: ReadyTask): boolean {
    if (task.agent.startsWith('$')) return true;
    const others = this.running.filter(({ agent }) => !agent.startsWith('$'));
    const room = (taken: number, capacity: number | null | undefined): boolean =>
      capacity === null || capacity === undefined || taken < capacity;
    return (
      room(others.length, this.capacities.process) &&
      room(others.filter(({ agent }) => agent === task.agent).length, this.capacities.agents[task.agent]) &&
      room(others.filter(({ jobId }) => jobId === task.jobId).length, task.maxParallelInJob)
    );
  }

  /** The most urgent task that could start; the order of offers decides between equals. */
  best(): ReadyTask | null {
    const rank = (task: ReadyTask): number => task.readyAt - task.priority * AGEING_MS;
    return this.waiting
      .filter((task) => this.hasRoom(task))
      .reduce<ReadyTask | null>((best, task) => (best === null || rank(task) < rank(best) ? task : best), null);
  }
}

const JOBS: { readonly [jobId: string]: number | null } = { j1: 1, j2: 2, j3: null };

const offers = fc
  .record({
    jobId: fc.constantFrom(...Object.keys(JOBS)),
    agent: fc.constantFrom('a', 'b', 'c', '$map'),
    priority: fc.integer({ min: 1, max: 10 }),
    readyAt: fc.nat(500_000),
  })
  .map((fields) => ({ ...fields, maxParallelInJob: JOBS[fields.jobId]! }));
const moves = fc.array(
  fc.oneof({ weight: 5, arbitrary: offers }, { weight: 4, arbitrary: fc.nat(99) }, { weight: 2, arbitrary: fc.constant('take' as const) }),
  {
    maxLength: 80,
    size: 'max',
  },
);

describe('the dispatcher beside a naive one', () => {
  it('always starts the most urgent task that can start, exceeds no capacity and forgets nobody', () => {
    fc.assert(
      fc.property(moves, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3 }), (list, process, ofA) => {
        const local = dispatcher(process, { a: ofA, b: 1 });
        const naive = new NaiveDispatcher({ process, agents: { a: ofA, b: 1 } });
        const take = (): boolean => {
          const expected = naive.best();
          const taken = local.take();
          expect(taken).toBe(expected);
          if (taken === null) return false;
          naive.waiting.splice(naive.waiting.indexOf(taken), 1);
          naive.running.push(taken);
          return true;
        };
        for (const move of list) {
          if (move === 'take') take();
          else if (typeof move === 'number') {
            const [done] = naive.running.splice(move % Math.max(1, naive.running.length), 1);
            if (done) local.release(done);
          } else {
            const task = ready(move);
            local.offer(task);
            naive.waiting.push(task);
          }
        }
        // Everything that was ever offered starts once the others are done.
        while (take());
        while (naive.running.length > 0) {
          local.release(naive.running.shift()!);
          while (take());
        }

        expect(naive.waiting).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('starts 100,000 tasks of one agent with one place, one after the other, in seconds', () => {
    const local = dispatcher(8, { single: 1 });
    for (let no = 0; no < 100_000; no += 1) local.offer(ready({ agent: 'single', no }));
    const startedAt = performance.now();
    let started = 0;
    for (let next = local.take(); next !== null; next = local.take()) {
      started += 1;
      local.release(next);
    }

    expect(started).toBe(100_000);
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });
});
