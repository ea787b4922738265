import type { Clock } from './clock.js';

/** A clock whose timers end with their owner: `dispose` calls off all that have not come due, and sets no more. */
export class ScopedClock implements Clock {
  private readonly pending = new Set<() => void>();
  private disposed = false;

  constructor(private readonly clock: Clock) {}

  now(): number {
    return this.clock.now();
  }

  monotonic(): number {
    return this.clock.monotonic();
  }

  schedule(delayMs: number, act: () => void): () => void {
    if (this.disposed) return () => undefined;
    const callOff = this.clock.schedule(delayMs, () => {
      this.pending.delete(callOff);
      act();
    });
    this.pending.add(callOff);
    return () => {
      if (this.pending.delete(callOff)) callOff();
    };
  }

  dispose(): void {
    this.disposed = true;
    for (const callOff of this.pending) callOff();
    this.pending.clear();
  }
}
