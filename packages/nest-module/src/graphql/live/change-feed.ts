import type { JobChange } from '@taskloom/core';

import type { GuardedEngine } from '../../access/guarded-engine.js';

/** Where a feed's time comes from; replaced by tests. */
export interface FeedClock {
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

const MONOTONIC: FeedClock = {
  now: () => performance.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** What changed since the last time it was asked. Listens from its creation on, so that state read afterwards misses nothing. */
export class ChangeFeed {
  private readonly source: AsyncIterator<readonly JobChange[]>;
  private ahead: Promise<IteratorResult<readonly JobChange[]>>;
  private takenAt = 0;

  constructor(
    engine: GuardedEngine,
    options: { readonly jobId?: string; readonly signal: AbortSignal },
    /** Changes that come faster than this are gathered, so that a busy job does not keep its watchers busy. */
    private readonly intervalMs: number,
    private readonly clock: FeedClock = MONOTONIC,
  ) {
    this.source = engine.changes(options)[Symbol.asyncIterator]();
    this.ahead = this.fetch();
  }

  /** `null` when the engine stops, or the signal has aborted. */
  async next(): Promise<readonly JobChange[] | null> {
    const early = this.takenAt + this.intervalMs - this.clock.now();
    if (early > 0) await this.clock.sleep(early);
    const batch = await this.ahead;
    if (batch.done) return null;
    this.takenAt = this.clock.now();
    this.ahead = this.fetch();
    return batch.value;
  }

  close(): void {
    this.source.return?.().catch(() => {});
  }

  private fetch(): Promise<IteratorResult<readonly JobChange[]>> {
    const batch = this.source.next();
    // Awaited later, or never when the client leaves.
    batch.catch(() => {});
    return batch;
  }
}
