import type { JobChange } from '@taskloom/core';

import type { GuardedEngine } from '../../access/guarded-engine.js';

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
  ) {
    this.source = engine.changes(options)[Symbol.asyncIterator]();
    this.ahead = this.fetch();
  }

  /** `null` when the engine stops, or the signal has aborted. */
  async next(): Promise<readonly JobChange[] | null> {
    await pause(this.takenAt + this.intervalMs - performance.now());
    const batch = await this.ahead;
    if (batch.done) return null;
    this.takenAt = performance.now();
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

function pause(ms: number): Promise<void> {
  return ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : Promise.resolve();
}
