/** Watchers get so much of the time that everything else took: a ninth of a busy thread. */
const SHARE = 0.125;
/** When less than this passed since their last slice, nothing else had anything to do. */
const IDLE_MS = 0.03;
/** How long watchers may push before others are looked after, when there seemed to be nobody. */
const IDLE_SLICE_MS = 2;
/** Items one watcher may push in a row, so that they can be written to its socket together. */
const ROW = 16;

/** Where the time comes from; replaced by tests. */
export interface TurnClock {
  readonly now: () => number;
  /** Calls back when everything that waits has had its turn in the event loop. */
  readonly afterOthers: (callback: () => void) => void;
}

const EVENT_LOOP: TurnClock = { now: () => performance.now(), afterOthers: (callback) => void setImmediate(callback) };

/** One watcher's place in the queue. */
export interface PushTurn {
  /** Resolves when the watcher may push its next item. */
  take(): Promise<void>;
}

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
  private isScheduled = false;

  constructor(private readonly clock: TurnClock = EVENT_LOOP) {}

  join(): PushTurn {
    let inARow = 0;
    return {
      take: () => {
        const now = this.clock.now();
        this.usedUntil = Math.max(this.usedUntil, Math.min(now, this.sliceEndsAt));
        const isSlice = now < this.sliceEndsAt;
        const isRow = inARow < ROW;
        inARow = isRow ? inARow + 1 : 0;
        if (isSlice && isRow) return Promise.resolve();
        return new Promise<void>((resolve) => {
          // A row that the slice cut short goes on in the next one.
          if (isRow) this.queue.unshift(resolve);
          else this.queue.push(resolve);
          if (isSlice) this.admit();
          else this.schedule();
        });
      },
    };
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
      const now = this.clock.now();
      const others = now - this.usedUntil;
      this.sliceEndsAt = now + (others < IDLE_MS ? IDLE_SLICE_MS : others * SHARE);
      this.usedUntil = now;
      this.admit();
      // In case the admitted one has nothing to push, or cannot.
      if (this.queue.length > 0) this.schedule();
    });
  }
}

/** There is one thread, so there is one. */
export const pushTurns = new PushTurns();
