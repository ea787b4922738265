import { describe, expect, it } from '@jest/globals';

import { AGEING_MS, Bench } from '../../test/dispatch/bench.js';
import type { ReadyTask } from '../ports/dispatcher.js';

describe('the order in which tasks start', () => {
  it('is by priority, then deadline, then critical path, then place in the job', () => {
    const bench = new Bench();
    const deadline = bench.clock.now() + 60_000;
    const last = bench.offer();
    const veryLast = bench.offer();
    const longPath = bench.offer({ criticalPath: 7 });
    const due = bench.offer({ deadline });
    const dueSooner = bench.offer({ deadline: deadline - 1 });
    const urgent = bench.offer({ priority: 9 });

    expect(bench.takeAll()).toEqual([urgent, dueSooner, due, longPath, last, veryLast]);
  });

  it('is by place within a job where nothing else decides, whichever came first, and between jobs as they came', () => {
    const bench = new Bench();
    const late = bench.offer({ jobId: 'a', no: 9 });
    const other = bench.offer({ jobId: 'b', no: 2 });
    const early = bench.offer({ jobId: 'a', no: 4 });
    const between = bench.offer({ jobId: 'a', no: 7 });

    expect(bench.takeAll().filter(({ jobId }) => jobId === 'a')).toEqual([early, between, late]);
    expect(bench.takeAll()).toEqual([]);
    for (const task of [late, other, early, between]) bench.release(task);
    const first = bench.offer({ jobId: 'c', no: 9 });
    const second = bench.offer({ jobId: 'd', no: 2 });
    expect(bench.takeAll()).toEqual([first, second]);
  });

  it('raises what waits by one level for each ageing interval', () => {
    const bench = new Bench({ maxParallel: 1 });
    const old = bench.offer({ priority: 4 });
    bench.clock.advance(AGEING_MS - 1);
    const justYounger = bench.offer({ priority: 5 });
    bench.clock.advance(1);
    const younger = bench.offer({ priority: 5, deadline: 1 });
    const urgent = bench.offer({ priority: 6 });
    const order: ReadyTask[] = [];
    for (let next = bench.local.take(); next; next = bench.local.take()) {
      order.push(next);
      bench.release(next);
    }

    // `younger` and `old` are equals by now, and `younger` has a deadline; so are `justYounger` and `urgent`, in the order they came.
    expect(order).toEqual([justYounger, urgent, younger, old]);
  });

  it('counts how long a task has been ready, also before this process took it over', () => {
    const bench = new Bench();
    const fresh = bench.offer({ priority: 6 });
    const recovered = bench.offer({ priority: 5, readyAt: bench.clock.now() - 3 * AGEING_MS });

    expect(bench.takeAll()).toEqual([recovered, fresh]);
  });

  it('does not care that somebody sets the wall clock', () => {
    const bench = new Bench({ maxParallel: 1 });
    const first = bench.offer({ jobId: 'a' });
    bench.offer({ jobId: 'a' });
    expect(bench.takeAll()).toEqual([first]);
    bench.clock.setWallClock(-86_400_000);
    bench.clock.advance(1_000);
    const other = bench.offer({ jobId: 'b', priority: 4 });
    bench.release(first);

    expect(bench.takeAll()).not.toEqual([other]);
  });

  it('starves nobody: the least urgent task starts while urgent ones keep coming', () => {
    const bench = new Bench({ maxParallel: 1 });
    const patient = bench.offer({ jobId: 'patient', priority: 1 });
    let running: ReadyTask | null = null;
    while (running !== patient && bench.clock.monotonic() < 100 * AGEING_MS) {
      bench.clock.advance(1_000);
      bench.offer({ jobId: 'stream', priority: 10 });
      if (running) bench.release(running);
      running = bench.local.take();
    }

    expect(running).toBe(patient);
    expect(bench.clock.monotonic()).toBeLessThanOrEqual(10 * AGEING_MS);
  });

  it('lets the longest waiting task of a job go on ageing while others of its job have their turns', () => {
    const bench = new Bench({ maxParallel: 2 }, { narrow: { concurrency: 1 } });
    const patient = bench.offer({ jobId: 'busy', agent: 'narrow', priority: 1 });
    let running: ReadyTask[] = [];
    while (!running.includes(patient) && bench.clock.monotonic() < 100 * AGEING_MS) {
      bench.clock.advance(1_000);
      // Its own job always has something to do, and another job always wants its agent.
      bench.offer({ jobId: 'busy', priority: 9 });
      bench.offer({ jobId: 'other', agent: 'narrow', priority: 9 });
      bench.release(...running);
      running = bench.takeAll();
    }

    expect(running).toContain(patient);
    expect(bench.clock.monotonic()).toBeLessThanOrEqual(10 * AGEING_MS);
  });
});

describe('a limit', () => {
  it('of the process makes tasks wait', () => {
    const bench = new Bench({ maxParallel: 2 });
    const tasks = [bench.offer(), bench.offer(), bench.offer()];
    expect(bench.takeAll()).toEqual(tasks.slice(0, 2));
    expect(bench.local.waitingFor('job', tasks[2]!.no)).toEqual({ limit: 'process', taken: 2, capacity: 2, demand: 1 });
    expect(bench.gauge('process')).toEqual({ taken: 2, capacity: 2, waiting: 1 });

    bench.release(tasks[0]!);
    expect(bench.local.waitingFor('job', tasks[2]!.no)).toBeNull();
    expect(bench.takeAll()).toEqual([tasks[2]]);
    expect(bench.local.waitingFor('job', tasks[2]!.no)).toBeNull();
  });

  it('of an agent holds back its tasks alone', () => {
    const bench = new Bench({}, { slow: { concurrency: 1 } });
    const slow = [bench.offer({ agent: 'slow', priority: 10 }), bench.offer({ agent: 'slow', priority: 10 })];
    const other = bench.offer({ priority: 1 });

    expect(bench.takeAll()).toEqual([slow[0], other]);
    expect(bench.local.waitingFor('job', slow[1]!.no)).toEqual({ limit: 'agent:slow', taken: 1, capacity: 1, demand: 1 });
    expect(bench.gauge('agent:slow')).toEqual({ taken: 1, capacity: 1, waiting: 1 });
    bench.release(slow[0]!);
    expect(bench.takeAll()).toEqual([slow[1]]);
  });

  it('of a job holds back its tasks alone', () => {
    const bench = new Bench();
    const own = [bench.offer({ maxParallelInJob: 1 }), bench.offer({ maxParallelInJob: 1 })];
    const other = bench.offer({ jobId: 'other', maxParallelInJob: 1 });

    expect(bench.takeAll()).toEqual([own[0], other]);
    expect(bench.local.waitingFor('job', own[1]!.no)).toEqual({ limit: 'job:job', taken: 1, capacity: 1, demand: 1 });
    expect(bench.gauge('job:other')).toEqual({ taken: 1, capacity: 1, waiting: 0 });
    bench.release(own[0]!, other);
    expect(bench.takeAll()).toEqual([own[1]]);
    expect(bench.gauge('job:other')).toBeNull();
  });

  it('of a name holds back all that name it, whatever their agent', () => {
    const bench = new Bench({ namedLimits: { api: { concurrency: 1, rate: null } } }, { a: { limits: ['api'] } });
    const first = bench.offer({ agent: 'a' });
    const second = bench.offer({ agent: 'b', demands: { limits: ['api'] } });
    const other = bench.offer({ agent: 'b' });

    expect(bench.takeAll()).toEqual([first, other]);
    expect(bench.local.waitingFor('job', second.no)).toMatchObject({ limit: 'limit:api' });
    bench.release(first);
    expect(bench.takeAll()).toEqual([second]);
  });

  it('of a key holds back tasks of the same agent and key: one at a time where nothing is said', () => {
    const bench = new Bench({}, { sync: {}, wide: { concurrencyPerKey: 2 } });
    const of = (agent: string, concurrencyKey: string) => bench.offer({ agent, demands: { concurrencyKey } });
    const [ann, annAgain, bob] = [of('sync', 'ann'), of('sync', 'ann'), of('sync', 'bob')];
    const wide = [of('wide', 'ann'), of('wide', 'ann'), of('wide', 'ann')];
    const keyless = [bench.offer({ agent: 'sync' }), bench.offer({ agent: 'sync' })];

    expect(bench.takeAll()).toEqual([ann, bob, wide[0], wide[1], ...keyless]);
    expect(bench.local.waitingFor('job', annAgain.no)).toEqual({ limit: 'key:sync#ann', taken: 1, capacity: 1, demand: 1 });
    bench.release(ann, bob);
    expect(bench.takeAll()).toEqual([annAgain]);
    expect(bench.gauge('key:sync#bob')).toBeNull();
  });

  it("of an agent's own key holds for its tasks that name none", () => {
    const bench = new Bench({}, { sync: { concurrencyKey: 'all' } });
    const tasks = [bench.offer({ agent: 'sync' }), bench.offer({ agent: 'sync' })];
    const other = bench.offer({ agent: 'sync', demands: { concurrencyKey: 'mine' } });

    expect(bench.takeAll()).toEqual([tasks[0], other]);
  });

  it("does not hold up the engine's own agents", () => {
    const bench = new Bench({ maxParallel: 1 });
    const user = [bench.offer(), bench.offer()];
    const own = [bench.offer({ agent: '$map', maxParallelInJob: 1 }), bench.offer({ agent: '$roll-up', maxParallelInJob: 1 })];

    expect(new Set(bench.takeAll())).toEqual(new Set([user[0], ...own]));
    expect(bench.offer({ agent: '$map' })).toBe(bench.local.take());
  });

  it('that is set while tasks of the agent run counts those that start from then on', () => {
    const bench = new Bench();
    const before = bench.offer({ agent: 'late' });
    bench.local.take();
    bench.setAgent('late', { concurrency: 1 });
    const after = [bench.offer({ agent: 'late' }), bench.offer({ agent: 'late' })];
    expect(bench.takeAll()).toEqual([after[0]]);

    // It never took a place of the new limit, so it has none to give back.
    bench.release(before);
    expect(bench.takeAll()).toEqual([]);
  });

  it('that is widened lets those in who wait', () => {
    const bench = new Bench({}, { slow: { concurrency: 1 } });
    const tasks = [1, 2, 3].map(() => bench.offer({ agent: 'slow' }));
    expect(bench.takeAll()).toEqual([tasks[0]]);
    bench.setAgent('slow', { concurrency: 3 });

    expect(bench.takeAll()).toEqual(tasks.slice(1));
  });

  it('is taken together with all others or not at all', () => {
    const bench = new Bench({ namedLimits: { api: { concurrency: 1, rate: null } } }, { slow: { concurrency: 1, limits: ['api'] } });
    const running = bench.offer({ demands: { limits: ['api'] } });
    expect(bench.takeAll()).toEqual([running]);
    bench.offer({ agent: 'slow' });
    expect(bench.takeAll()).toEqual([]);

    expect(bench.gauge('agent:slow')).toEqual({ taken: 0, capacity: 1, waiting: 0 });
  });

  it('gives its place to the next in line when the first one cannot use it', () => {
    const bench = new Bench({ namedLimits: { api: { concurrency: 1, rate: null } } }, { slow: { concurrency: 1, limits: ['api'] } });
    const api = { demands: { limits: ['api'] } };
    const [running, slowRunning] = [bench.offer(api), bench.offer({ agent: 'slow' })];
    expect(bench.takeAll()).toEqual([running]);
    const plain = bench.offer({ ...api, priority: 1 });
    expect(bench.takeAll()).toEqual([]);
    bench.release(running);
    expect(bench.takeAll()).toEqual([slowRunning]);
    const slowWaiting = bench.offer({ agent: 'slow', priority: 9 });
    expect(bench.takeAll()).toEqual([]);
    bench.release(slowRunning);

    expect(bench.takeAll()).toEqual([slowWaiting]);
    bench.release(slowWaiting);
    expect(bench.takeAll()).toEqual([plain]);
  });

  it('that a stored task names and nobody has set any more holds nothing up', () => {
    const bench = new Bench({ pools: { cpu: 2 } });
    const tasks = [
      bench.offer({ demands: { limits: ['gone'], resources: { gpu: 1 } } }),
      bench.offer({ demands: { resources: { cpu: 8 } } }),
    ];

    expect(bench.takeAll()).toEqual(tasks);
    expect(bench.gauge('pool:cpu')).toMatchObject({ taken: 2 });
  });

  it('is given back once, however often it is said that the task has stopped', () => {
    const bench = new Bench({ maxParallel: 1 });
    const [first, second] = [bench.offer(), bench.offer()];
    bench.offer();
    expect(bench.takeAll()).toEqual([first]);
    bench.release(first, first);
    expect(bench.takeAll()).toEqual([second]);
  });
});

describe('a pool', () => {
  const needs = (memoryMb: number) => ({ demands: { resources: { memoryMb } } });

  it('is never overdrawn, and shows what is reserved', () => {
    const bench = new Bench({ pools: { memoryMb: 1_000 } });
    const tasks = [bench.offer(needs(600)), bench.offer(needs(600)), bench.offer(needs(400))];

    expect(bench.takeAll()).toEqual([tasks[0]]);
    expect(bench.gauge('pool:memoryMb')).toEqual({ taken: 600, capacity: 1_000, waiting: 2 });
    expect(bench.local.waitingFor('job', tasks[1]!.no)).toEqual({ limit: 'pool:memoryMb', taken: 600, capacity: 1_000, demand: 600 });
    bench.release(tasks[0]!);
    expect(bench.takeAll()).toEqual(tasks.slice(1));
    bench.release(...tasks.slice(1));
    expect(bench.gauge('pool:memoryMb')).toEqual({ taken: 0, capacity: 1_000, waiting: 0 });
  });

  it('is not kept from one that needs much of it by many that need little', () => {
    const bench = new Bench({ pools: { memoryMb: 1_000 } });
    let running = Array.from({ length: 10 }, () => bench.offer(needs(100)));
    bench.takeAll();
    const big = bench.offer(needs(900));
    for (let round = 0; !running.includes(big) && round < 100; round += 1) {
      bench.offer(needs(100));
      bench.release(running[0]!);
      running = [...running.slice(1), ...bench.takeAll()];
    }

    expect(running).toContain(big);
  });

  it('lets a more urgent one that fits pass before one that does not fit yet', () => {
    const bench = new Bench({ pools: { memoryMb: 1_000 } });
    bench.offer(needs(600));
    bench.takeAll();
    bench.offer(needs(600));
    expect(bench.takeAll()).toEqual([]);
    const urgent = bench.offer({ ...needs(300), priority: 9 });

    expect(bench.takeAll()).toEqual([urgent]);
  });

  it('can be shared in fractions that do not add up exactly', () => {
    const bench = new Bench({ pools: { cpu: 1 } });
    for (let round = 0; round < 50; round += 1) {
      const tasks = [0.1, 0.2, 0.3, 0.4].map((cpu) => bench.offer({ demands: { resources: { cpu } } }));
      expect(bench.takeAll()).toHaveLength(4);
      bench.release(...tasks);
    }
    const whole = bench.offer({ demands: { resources: { cpu: 1 } } });

    expect(bench.takeAll()).toEqual([whole]);
  });

  it('is taken as the task says where task and agent both say something, else as the agent says', () => {
    const bench = new Bench({ pools: { cpu: 4 } }, { heavy: { resources: { cpu: 3 } } });
    const tasks = [bench.offer({ agent: 'heavy' }), bench.offer({ agent: 'heavy', demands: { resources: { cpu: 1 } } })];

    expect(bench.takeAll()).toEqual(tasks);
    expect(bench.gauge('pool:cpu')).toMatchObject({ taken: 4 });
  });
});

describe('a rate', () => {
  const rated = (starts: number, perMs: number) => new Bench({}, { mails: { rate: { starts, perMs } } });
  const mail = { agent: 'mails' };

  it('lets so many start in any stretch of that time, and says when the next one may', () => {
    const bench = rated(2, 1_000);
    const tasks = [1, 2, 3, 4, 5].map(() => bench.offer(mail));
    expect(bench.takeAll()).toEqual(tasks.slice(0, 1 + 1));
    bench.release(...tasks.slice(0, 2));
    expect(bench.takeAll()).toEqual([]);
    expect(bench.local.waitingFor('job', tasks[2]!.no)).toEqual({
      limit: 'agent-rate:mails',
      taken: 2,
      capacity: 2,
      demand: 1,
      until: bench.clock.now() + 1_000,
    });

    bench.clock.advance(999);
    expect([bench.calls, bench.takeAll()]).toEqual([0, []]);
    bench.clock.advance(1);
    expect([bench.calls, bench.takeAll()]).toEqual([1, tasks.slice(2, 4)]);
    bench.clock.advance(1_000);
    expect([bench.calls, bench.takeAll()]).toEqual([2, tasks.slice(4)]);
  });

  it('is kept over any stretch of time, not by the clock on the wall', () => {
    const bench = rated(3, 1_000);
    const startedAt: number[] = [];
    for (let at = 0; at < 20_000; at += 130) {
      if (at % 260 === 0) bench.offer(mail);
      bench.offer(mail);
      if (at % 1_000 < 100) bench.clock.setWallClock(7_777 - at);
      for (const task of bench.takeAll()) {
        startedAt.push(bench.clock.monotonic());
        bench.release(task);
      }
      bench.clock.advance(130);
    }

    for (let index = 3; index < startedAt.length; index += 1)
      expect(startedAt[index]! - startedAt[index - 3]!).toBeGreaterThanOrEqual(1_000);
    expect(startedAt.length).toBeGreaterThan(50);
  });

  it('sets one timer for all that wait, and none when nobody does', () => {
    const bench = rated(1, 1_000);
    bench.offer(mail);
    bench.takeAll();
    expect(bench.clock.pending).toBe(0);
    for (let count = 0; count < 50; count += 1) bench.offer(mail);
    bench.takeAll();

    expect(bench.clock.pending).toBe(1);
  });

  it('gets back a start that never was', () => {
    const bench = rated(1, 1_000);
    const outdated = bench.offer(mail);
    expect(bench.takeAll()).toEqual([outdated]);
    const next = bench.offer(mail);
    expect(bench.takeAll()).toEqual([]);
    bench.local.release(outdated, 'never-started');

    expect(bench.takeAll()).toEqual([next]);
  });

  it('of a named limit counts the starts of all that name it', () => {
    const bench = new Bench({ namedLimits: { api: { concurrency: null, rate: { starts: 1, perMs: 10 } } } }, { a: { limits: ['api'] } });
    const first = bench.offer({ agent: 'a' });
    const second = bench.offer({ demands: { limits: ['api'] } });

    expect(bench.takeAll()).toEqual([first]);
    expect(bench.local.waitingFor('job', second.no)).toMatchObject({ limit: 'limit-rate:api' });
    bench.clock.advance(10);
    expect(bench.takeAll()).toEqual([second]);
  });
});

describe('an exclusive task', () => {
  it.each([
    ['that must run alone', { alone: true }],
    ['of an exclusive agent', { agent: 'solo' }],
    ['that says so itself', { demands: { exclusive: true } }],
  ])('%s waits until nothing runs, holds up what comes after it, and runs alone', (_, fields) => {
    const bench = new Bench({ maxParallel: 3 }, { solo: { exclusive: true } });
    const before = [bench.offer(), bench.offer()];
    expect(bench.takeAll()).toEqual(before);
    const alone = bench.offer({ priority: 9, ...fields });
    const after = bench.offer();
    expect(bench.takeAll()).toEqual([]);
    expect(bench.local.waitingFor('job', alone.no)).toEqual({ limit: 'process', taken: 2, capacity: 3, demand: 3 });
    expect(bench.local.waitingFor('job', after.no)).toMatchObject({ limit: 'process' });
    bench.release(before[0]!);
    expect(bench.takeAll()).toEqual([]);
    bench.release(before[1]!);
    expect(bench.takeAll()).toEqual([alone]);
    expect(bench.gauge('process')).toEqual({ taken: 3, capacity: 3, waiting: 1 });
    bench.release(alone);

    expect(bench.takeAll()).toEqual([after]);
  });

  it('of an exclusive agent can be told not to be', () => {
    const bench = new Bench({}, { solo: { exclusive: true } });
    const tasks = [bench.offer({ agent: 'solo', demands: { exclusive: false } }), bench.offer()];

    expect(bench.takeAll()).toEqual(tasks);
  });

  it('lets the process run empty only when its other limits have room', () => {
    const bench = new Bench({ pools: { gpu: 1 } }, { solo: { exclusive: true, resources: { gpu: 1 } } });
    const holder = bench.offer({ demands: { resources: { gpu: 1 } } });
    bench.takeAll();
    const alone = bench.offer({ agent: 'solo', priority: 10 });
    const other = bench.offer();

    expect(bench.takeAll()).toEqual([other]);
    bench.release(holder, other);
    expect(bench.takeAll()).toEqual([alone]);
  });
});
