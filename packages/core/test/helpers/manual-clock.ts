import type { EngineOptions } from '../../src/index.js';

type Clock = NonNullable<EngineOptions['clock']>;

/** A clock for what needs no event loop: time passes, and timers fire, only inside `advance`. */
export class ManualClock implements Clock {
  private time = 0;
  private readonly timers = new Set<{ readonly at: number; readonly act: () => void }>();

  /** Wall time and monotonic time agree until a test says otherwise. */
  constructor(private wallOffset = Date.UTC(2026, 0, 1)) {}

  now(): number {
    return this.wallOffset + this.time;
  }

  monotonic(): number {
    return this.time;
  }

  schedule(delayMs: number, act: () => void): () => void {
    const timer = { at: this.time + delayMs, act };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  get pending(): number {
    return this.timers.size;
  }

  /** Somebody sets the wall clock. */
  setWallClock(byMs: number): void {
    this.wallOffset += byMs;
  }

  advance(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const due = [...this.timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.timers.delete(due);
      this.time = Math.max(this.time, due.at);
      due.act();
    }
    this.time = end;
  }
}
