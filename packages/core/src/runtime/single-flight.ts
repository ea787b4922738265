import type { Clock } from '../kernel/clock.js';

/** Work under way that others wait for. */
export interface Flight<T> {
  /** The work has ended: with what others can use, or with nothing. Only the first call counts. */
  land(result: T | null): void;
  /** New arrivals do not find it any more. */
  forget(): void;
}

/** Lets one of several that want the same thing do the work, in one process. */
export class SingleFlight<T> {
  private readonly flights = new Map<string, Promise<T | null>>();

  constructor(private readonly clock: Clock) {}

  isUnderWay(key: string): boolean {
    return this.flights.has(key);
  }

  /** Begins the work, unless somebody else is at it. */
  begin(key: string): Flight<T> | null {
    if (this.flights.has(key)) return null;
    let land!: (result: T | null) => void;
    const flight = new Promise<T | null>((resolve) => (land = resolve));
    this.flights.set(key, flight);
    return {
      land,
      forget: () => {
        if (this.flights.get(key) === flight) this.flights.delete(key);
      },
    };
  }

  /**
   * What the work under way comes to: `null` where that is of no use, `'gave-up'` after `waitMs` or when the signal aborts.
   */
  async wait(key: string, waitMs: number, signal: AbortSignal): Promise<T | null | 'gave-up'> {
    const flight = this.flights.get(key);
    if (!flight) return null;
    let giveUp!: () => void;
    const patience = new Promise<'gave-up'>((resolve) => (giveUp = () => resolve('gave-up')));
    const stopTimer = this.clock.schedule(waitMs, giveUp);
    signal.addEventListener('abort', giveUp, { once: true });
    if (signal.aborted) giveUp();
    try {
      return await Promise.race([flight, patience]);
    } finally {
      stopTimer();
      signal.removeEventListener('abort', giveUp);
    }
  }
}
