import type { Clock } from '../kernel/clock.js';
import type { Rate } from '../model/demands.js';
import { Limit } from './limit.js';

/**
 * At most so many starts in any stretch of time of a given length: the time of each start is kept for that long. Measured
 * on the monotonic clock of this process; a new process begins with none.
 */
export class RateLimit extends Limit {
  /** Times of the last starts, the oldest at `first`; a ring of as many places as starts are allowed. */
  private readonly startedAt: Float64Array;
  private first = 0;
  private count = 0;

  constructor(
    name: string,
    private readonly rate: Rate,
    private readonly clock: Clock,
  ) {
    super(name, 'rate');
    this.startedAt = new Float64Array(rate.starts);
  }

  get capacity(): number {
    return this.rate.starts;
  }

  get taken(): number {
    const until = this.clock.monotonic() - this.rate.perMs;
    while (this.count > 0 && this.startedAt[this.first]! <= until) {
      this.first = (this.first + 1) % this.rate.starts;
      this.count -= 1;
    }
    return this.count;
  }

  take(): void {
    this.startedAt[(this.first + this.count) % this.rate.starts] = this.clock.monotonic();
    this.count += 1;
  }

  give(_amount: number, started: boolean): void {
    // A start that was none is taken back. Which of those of the same moment does not matter.
    if (!started && this.count > 0) this.count -= 1;
  }

  /** How long until a start leaves the stretch of time that counts; `null` when none is in it. */
  override get opensInMs(): number | null {
    if (this.taken === 0) return null;
    return Math.max(1, Math.ceil(this.startedAt[this.first]! + this.rate.perMs - this.clock.monotonic()));
  }
}
