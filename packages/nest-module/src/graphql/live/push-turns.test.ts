import { describe, expect, it } from '@jest/globals';

import { EVENT_LOOP, PushTurns, type TurnClock } from './push-turns.js';

/** An event loop of a test: in each round everything else takes `othersMs`, then the watchers may push. */
class Rounds {
  time = 0;
  private callbacks: (() => void)[] = [];
  private ends: (() => void)[] = [];
  readonly clock: TurnClock = {
    now: () => this.time,
    afterOthers: (callback) => void this.callbacks.push(callback),
    afterThis: (callback) => void this.ends.push(callback),
  };

  /** @param writesMs what writing takes after all that was pushed in a slice */
  async next(othersMs: number, writesMs = 0): Promise<void> {
    this.time += othersMs;
    for (const callback of this.callbacks.splice(0)) callback();
    await settled();
    if (this.ends.length > 0) this.time += writesMs;
    for (const end of this.ends.splice(0)) end();
  }
}

async function settled(): Promise<void> {
  for (let hop = 0; hop < 500; hop += 1) await Promise.resolve();
}

/** Watchers that always have something to push, at `itemMs` each. */
function watchers(count: number, turns: PushTurns, rounds: Rounds, itemMs: number): number[] {
  const pushed = Array.from({ length: count }, () => 0);
  for (let watcher = 0; watcher < count; watcher += 1) void run(watcher);
  return pushed;

  async function run(watcher: number): Promise<void> {
    for (;;) {
      await turns.take();
      rounds.time += itemMs;
      pushed[watcher]! += 1;
    }
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

describe('watchers', () => {
  it('get about a ninth of the time while others need it', async () => {
    const rounds = new Rounds();
    const pushed = watchers(100, new PushTurns(rounds.clock), rounds, 0.05);
    for (let round = 0; round < 200; round += 1) await rounds.next(4);
    const share = (sum(pushed) * 0.05) / rounds.time;
    expect(share).toBeGreaterThan(0.08);
    expect(share).toBeLessThan(0.14);
  });

  it('get nearly all of it while nobody else does', async () => {
    const rounds = new Rounds();
    const pushed = watchers(3, new PushTurns(rounds.clock), rounds, 0.05);
    for (let round = 0; round < 50; round += 1) await rounds.next(0.005);
    expect((sum(pushed) * 0.05) / rounds.time).toBeGreaterThan(0.9);
  });

  it('get it also where writing what was pushed takes longer than to push it', async () => {
    const rounds = new Rounds();
    const pushed = watchers(1, new PushTurns(rounds.clock), rounds, 0.05);
    for (let round = 0; round < 50; round += 1) await rounds.next(0.005, 3);
    expect(sum(pushed)).toBeGreaterThan(50 * 30);
  });

  it('pay back what a turn takes longer than their slice', async () => {
    const rounds = new Rounds();
    const pushed = watchers(3, new PushTurns(rounds.clock), rounds, 2);
    for (let round = 0; round < 150; round += 1) await rounds.next(1);
    const share = (sum(pushed) * 2) / rounds.time;
    expect(share).toBeGreaterThan(0.08);
    expect(share).toBeLessThan(0.14);
  });

  it('take turns', async () => {
    const rounds = new Rounds();
    const pushed = watchers(10, new PushTurns(rounds.clock), rounds, 0.05);
    for (let round = 0; round < 400; round += 1) await rounds.next(4);
    expect(Math.max(...pushed) - Math.min(...pushed)).toBeLessThanOrEqual(40);
    expect(Math.min(...pushed)).toBeGreaterThan(100);
  });

  it('who do not come back do not keep the others waiting', async () => {
    const rounds = new Rounds();
    const turns = new PushTurns(rounds.clock);
    // These take one turn and have nothing to push.
    for (let index = 0; index < 5; index += 1) void turns.take();
    const [pushed] = watchers(1, turns, rounds, 0.05);
    void pushed;
    const counts = watchers(1, turns, rounds, 0.05);
    for (let round = 0; round < 20; round += 1) await rounds.next(4);
    expect(counts[0]).toBeGreaterThan(10);
  });
});

describe('the event loop', () => {
  it('says that all is done when what was pushed is written, however many promises it went through', async () => {
    const order: string[] = [];
    await new Promise<void>((resolve) => {
      EVENT_LOOP.afterOthers(() => {
        void pushLater(3, order);
        EVENT_LOOP.afterThis(() => {
          order.push('done');
          resolve();
        });
        void pushLater(30, order);
      });
    });
    expect(order).toEqual(['pushed', 'pushed', 'written', 'written', 'done']);
  });
});

async function pushLater(hops: number, order: string[]): Promise<void> {
  for (let hop = 0; hop < hops; hop += 1) await Promise.resolve();
  order.push('pushed');
  process.nextTick(() => order.push('written'));
}
