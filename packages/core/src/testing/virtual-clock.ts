import type { Clock } from '../kernel/clock.js';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly act: () => void;
}

const START = Date.UTC(2026, 0, 1);
const TURNS = 40;

/**
 * A clock that stands still until a test moves it. `advance` fires what comes due on the way, each at its own time and in
 * order, and after each lets the event loop turn often enough for the engine to write down what follows.
 */
export class VirtualClock implements Clock {
  private time = START;
  private order = 0;
  private readonly timers = new Set<Timer>();

  now(): number {
    return this.time;
  }

  monotonic(): number {
    return this.time - START;
  }

  schedule(delayMs: number, act: () => void): () => void {
    this.order += 1;
    const timer: Timer = { at: this.time + Math.max(0, delayMs), order: this.order, act };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  /** How many timers are set. */
  get pending(): number {
    return this.timers.size;
  }

  /** Time passes without any timer firing, as when the process was busy; what came due fires with the next `advance`. */
  jump(ms: number): void {
    this.time += ms;
  }

  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    await eventLoopTurns();
    for (let next = this.firstDue(end); next; next = this.firstDue(end)) {
      this.timers.delete(next);
      this.time = Math.max(this.time, next.at);
      next.act();
      await eventLoopTurns();
    }
    this.time = end;
    await eventLoopTurns();
  }

  /**
   * Runs until the promise has settled, as fast as the machine can: whenever nothing more happens by itself, time jumps to
   * the next timer. Resolves or rejects as the promise does.
   */
  async runUntil<T>(promise: Promise<T>): Promise<T> {
    const state = { isOver: false };
    const end = (): void => void (state.isOver = true);
    promise.then(end, end);
    for (;;) {
      await eventLoopTurns();
      if (state.isOver) return promise;
      const next = this.firstDue(Number.POSITIVE_INFINITY);
      if (!next) continue;
      this.timers.delete(next);
      this.time = Math.max(this.time, next.at);
      next.act();
    }
  }

  /** Lets what is due now happen until the promise has settled. */
  async advanceUntil(settled: Promise<unknown>): Promise<void> {
    const state = { isOver: false };
    const end = (): void => void (state.isOver = true);
    settled.then(end, end);
    while (!state.isOver) await this.advance(0);
  }

  private firstDue(end: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.timers) {
      if (timer.at <= end && (!first || timer.at < first.at || (timer.at === first.at && timer.order < first.order))) first = timer;
    }
    return first;
  }
}

/** Lets everything happen that needs no time: some turns of the event loop. */
export async function eventLoopTurns(turns = TURNS): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
