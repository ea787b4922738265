import type { Clock } from '../kernel/clock.js';
import { SlidingShare } from '../kernel/sliding-share.js';
import { Limit } from './limit.js';

/** When the tasks of an agent are no longer started, because too many of its attempts fail. */
export interface BreakerRule {
  /** Of the attempts that ended within the window, 0–1. */
  readonly failureRate: number;
  readonly windowMs: number;
  /** A rate counts from so many attempts on. */
  readonly attempts: number;
  /** How long nothing is started before one attempt is tried. */
  readonly cooldownMs: number;
}

export type BreakerState = 'closed' | 'open' | 'half-open';

/** The capacity of a limit that bounds nothing at the moment. */
export const NO_BOUND = Number.MAX_SAFE_INTEGER;

/**
 * A limit that closes when too many attempts fail: then nothing starts for a while, and after that one attempt at a time, until
 * one succeeds. Tasks wait for it as for any other limit; none fails of it.
 */
export class CircuitBreaker extends Limit {
  taken = 0;
  private readonly outcomes: SlidingShare;
  /** When it was opened, or when an attempt was last tried, on the monotonic clock; `null`: closed. */
  private openedAt: number | null = null;
  /** Whether an attempt is being tried. One that comes to nothing (it is cancelled, or suspended) is followed by another after the cooldown. */
  private isTrying = false;

  constructor(
    name: string,
    private readonly rule: BreakerRule,
    private readonly clock: Clock,
    private readonly changed: (breaker: CircuitBreaker) => void,
  ) {
    super(name, 'breaker');
    this.outcomes = new SlidingShare(rule.windowMs);
  }

  get state(): BreakerState {
    if (this.openedAt === null) return 'closed';
    return this.opensInMs === null ? 'half-open' : 'open';
  }

  get capacity(): number {
    return { closed: NO_BOUND, open: 0, 'half-open': this.taken + 1 }[this.state];
  }

  /** Also while it is open. */
  override get most(): number {
    return 1;
  }

  override get opensInMs(): number | null {
    if (this.openedAt === null) return null;
    const leftMs = this.openedAt + this.rule.cooldownMs - this.clock.monotonic();
    return leftMs > 0 ? Math.ceil(leftMs) : null;
  }

  /** An attempt has ended. While it is open, attempts that had started before still end; they change nothing. */
  ended(isFailure: boolean): void {
    const now = this.clock.monotonic();
    if (this.openedAt !== null) {
      if (!this.isTrying) return;
      this.isTrying = false;
      this.openedAt = isFailure ? now : null;
      this.changed(this);
      return;
    }
    this.outcomes.add(isFailure, now);
    const { count, share } = this.outcomes.at(now);
    if (count < this.rule.attempts || share < this.rule.failureRate) return;
    this.outcomes.clear();
    this.openedAt = now;
    this.changed(this);
  }

  take(amount: number): void {
    this.taken += amount;
    if (this.openedAt === null) return;
    this.isTrying = true;
    this.openedAt = this.clock.monotonic();
  }

  give(amount: number): void {
    this.taken -= amount;
  }
}
