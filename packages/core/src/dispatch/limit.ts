import type { LimitKind } from '../ports/dispatcher.js';
import type { Line } from './line.js';

/** How much of a limit a task takes. */
export interface Need {
  readonly limit: Limit;
  readonly amount: number;
}

export const NO_NEEDS: readonly Need[] = [];

/** Shares of a pool may be fractions, and fractions do not add up exactly. */
const ROUNDING = 1e-6;

/** A named capacity that tasks take of before they start, and give back when they have stopped. */
export abstract class Limit {
  /** The tasks that wait for it; made when the first one does. */
  line: Line | null = null;
  /** What tasks need that were called from its line and have not taken it yet. */
  called = 0;
  /** What is kept for tasks that wait for other limits. */
  kept = 0;
  /** Calls off the wake-up that is set. */
  stopAlarm: (() => void) | null = null;

  constructor(
    readonly name: string,
    readonly kind: LimitKind,
  ) {}

  abstract get capacity(): number;
  abstract get taken(): number;
  /** What one task can take of it at most. */
  get most(): number {
    return this.capacity;
  }

  abstract take(amount: number): void;
  /** `started` says whether what had taken it ever ran. */
  abstract give(amount: number, started: boolean): void;

  /** How long until it has room by itself; `null` where time alone changes nothing. */
  get opensInMs(): number | null {
    return null;
  }

  hasRoomFor(amount: number): boolean {
    return this.taken + this.kept + amount <= this.capacity + ROUNDING;
  }

  /** Whether there is room for one more of its line beside those who were called. */
  canCall(amount: number): boolean {
    return this.hasRoomFor(this.called + amount);
  }

  get hasLine(): boolean {
    return this.line !== null && this.line.size > 0;
  }
}

/** Places, or units of a pool: taken while a task runs. */
export class PlaceLimit extends Limit {
  taken = 0;
  private holders = 0;

  constructor(
    name: string,
    kind: LimitKind,
    public capacity: number,
  ) {
    super(name, kind);
  }

  get isIdle(): boolean {
    return this.holders === 0 && this.called === 0 && this.kept === 0 && !this.hasLine;
  }

  take(amount: number): void {
    this.holders += 1;
    this.taken += amount;
  }

  give(amount: number): void {
    this.holders -= 1;
    this.taken = this.holders === 0 ? 0 : this.taken - amount;
  }
}
