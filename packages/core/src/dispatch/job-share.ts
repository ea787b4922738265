import type { PlaceLimit } from './limit.js';
import type { WaitingTask } from './waiting-task.js';

/** No start is free, however short the task: jobs of tasks shorter than this take turns. */
const LEAST_CHARGE_MS = 1;

/** How far the sharing between jobs has come: the used time up to which every job that waits has been served. */
export interface ShareClock {
  usedMs: number;
}

/**
 * One job among others: how much of the process it has used, when it last had a turn, and what of it waits, in the order
 * in which it came.
 *
 * Sharing is start-time fair queueing (Goyal, Vin, Cheng 1996): the job that has used the least time goes first; a job
 * that did not want anything for a while does not save up. What a task will use is guessed from those before it when it
 * starts, and put right when it ends.
 */
export class JobShare {
  /** Time used, in milliseconds of one place. Only grows. */
  usedMs: number;
  /** When it last had a turn, on the monotonic clock. */
  turnAt = Number.NEGATIVE_INFINITY;
  limit: PlaceLimit | null = null;
  oldest: WaitingTask | null = null;
  /** Since when `oldest` is the oldest. */
  oldestSince = Number.NEGATIVE_INFINITY;
  running = 0;
  private newest: WaitingTask | null = null;
  private meanMs = LEAST_CHARGE_MS;
  /** Put down for tasks that then took less. */
  private creditMs = 0;

  constructor(
    readonly id: string,
    private readonly clock: ShareClock,
  ) {
    this.usedMs = clock.usedMs;
  }

  get isIdle(): boolean {
    return this.running === 0 && this.oldest === null;
  }

  /** Since when a waiting task counts as waiting beside tasks of other jobs. */
  waitsSince(waiting: WaitingTask): number {
    return Math.max(waiting.since, waiting === this.oldest ? this.oldestSince : this.turnAt);
  }

  add(waiting: WaitingTask): void {
    waiting.older = this.newest;
    if (this.newest) this.newest.newer = waiting;
    else this.oldest = waiting;
    this.newest = waiting;
  }

  /** A task of this job starts. */
  started(waiting: WaitingTask, now: number): void {
    this.unlink(waiting, now);
    this.turnAt = now;
    this.running += 1;
    this.usedMs = Math.max(this.usedMs, this.clock.usedMs);
    this.clock.usedMs = this.usedMs;
    waiting.startedAt = now;
    waiting.chargedMs = Math.round(this.meanMs);
    const paid = Math.min(this.creditMs, waiting.chargedMs);
    this.creditMs -= paid;
    this.usedMs += waiting.chargedMs - paid;
  }

  stopped({ chargedMs, startedAt }: WaitingTask, now: number): void {
    this.running -= 1;
    const ranMs = Math.max(LEAST_CHARGE_MS, now - startedAt);
    this.settle(ranMs - chargedMs);
    this.meanMs += (ranMs - this.meanMs) / 8;
  }

  neverStarted({ chargedMs }: WaitingTask): void {
    this.running -= 1;
    this.settle(-chargedMs);
  }

  private settle(owedMs: number): void {
    if (owedMs > 0) this.usedMs += owedMs;
    else this.creditMs -= owedMs;
  }

  private unlink(waiting: WaitingTask, now: number): void {
    const { older, newer } = waiting;
    if (older) older.newer = newer;
    if (newer) newer.older = older;
    if (this.newest === waiting) this.newest = older;
    if (this.oldest === waiting) {
      this.oldest = newer;
      this.oldestSince = now;
    }
    waiting.older = null;
    waiting.newer = null;
  }
}
