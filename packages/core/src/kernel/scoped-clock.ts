import { Bag, type BagItem } from './bag.js';
import type { Clock } from './clock.js';

interface PendingTimer extends BagItem {
  callOff: () => void;
}

const nothing = (): void => undefined;

/** A clock whose timers end with their owner: `dispose` calls off all that have not come due, and sets no more. */
export class ScopedClock implements Clock {
  private readonly pending = new Bag<PendingTimer>();
  private disposed = false;

  constructor(private readonly clock: Clock) {}

  now(): number {
    return this.clock.now();
  }

  monotonic(): number {
    return this.clock.monotonic();
  }

  schedule(delayMs: number, act: () => void): () => void {
    if (this.disposed) return nothing;
    const timer: PendingTimer = { bagIndex: -1, callOff: nothing };
    timer.callOff = this.clock.schedule(delayMs, () => {
      this.pending.delete(timer);
      act();
    });
    this.pending.add(timer);
    return () => {
      if (this.pending.delete(timer)) timer.callOff();
    };
  }

  dispose(): void {
    this.disposed = true;
    for (const timer of this.pending.all()) {
      this.pending.delete(timer);
      timer.callOff();
    }
  }
}
