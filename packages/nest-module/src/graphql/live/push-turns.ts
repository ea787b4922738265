/** Watchers get so much of the time that everything else took: a ninth of a busy thread. */
const SHARE = 0.125;
/** When less than this passed since their last slice, nothing else had anything to do. */
const IDLE_MS = 0.03;
/** How long watchers may push before others are looked after, when there seemed to be nobody. */
const IDLE_SLICE_MS = 2;
/** Most that watchers pay back of what they took too long: a pause of the whole process is no debt of theirs. */
const MOST_DEBT_MS = 20;
/** Most items that a watcher pushes in one turn. */
export const ROW = 16;

/** Where the time comes from; replaced by tests. */
export interface TurnClock {
  readonly now: () => number;
  /** Calls back when everything that waits has had its turn in the event loop. */
  readonly afterOthers: (callback: () => void) => void;
  /** Calls back when all that was set off now is done, as far as it waits for nothing: what it writes to sockets, too. */
  readonly afterThis: (callback: () => void) => void;
}

export const EVENT_LOOP: TurnClock = {
  now: () => performance.now(),
  afterOthers: (callback) => void setImmediate(callback),
  // Ticks come when no promise is left to go on with; the second one behind those in which sockets are written to.
  afterThis: (callback) => queueMicrotask(() => process.nextTick(() => process.nextTick(callback))),
};

/**
 * Divides the thread between those who watch jobs and the engine that runs them. Each item that is pushed costs some
 * microseconds; a hundred watchers of a busy job would leave the engine a fiftieth of the time. So they push in slices:
 * as much as they like while the thread has nothing else to do, a ninth of its time otherwise. What they cannot be told
 * now stays in the log and is told later.
 */
export class PushTurns {
  private readonly queue: (() => void)[] = [];
  private sliceEndsAt = -1;
  private usedUntil = 0;
  /** By how much the last slice was too long: the last one in it goes on to the end of its row. */
  private debtMs = 0;
  private isScheduled = false;

  constructor(private readonly clock: TurnClock = EVENT_LOOP) {}

  /** Resolves when a watcher may push its next items, {@link ROW} at most. */
  take(): Promise<void> {
    return new Promise((resolve) => {
      this.queue.push(resolve);
      if (this.clock.now() < this.sliceEndsAt) this.admit();
      else this.schedule();
    });
  }

  /** The first in the queue. The next comes when that one asks again. */
  private admit(): void {
    this.queue.shift()?.();
  }

  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    this.clock.afterOthers(() => {
      this.isScheduled = false;
      this.begin();
    });
  }

  private begin(): void {
    const now = this.clock.now();
    const others = now - this.usedUntil;
    const slice = others < IDLE_MS ? IDLE_SLICE_MS : others * SHARE - this.debtMs;
    this.usedUntil = now;
    this.debtMs = Math.max(0, -slice);
    if (slice <= 0) return this.schedule();
    this.sliceEndsAt = now + slice;
    this.admit();
    this.clock.afterThis(() => this.end());
  }

  private end(): void {
    this.usedUntil = this.clock.now();
    this.debtMs = Math.min(MOST_DEBT_MS, Math.max(0, this.usedUntil - this.sliceEndsAt));
    this.sliceEndsAt = -1;
    if (this.queue.length > 0) this.schedule();
  }
}

/** There is one thread, so there is one. */
export const pushTurns = new PushTurns();
