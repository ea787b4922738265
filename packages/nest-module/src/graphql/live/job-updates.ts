import { isTerminalJob, type JobView } from '@taskloom/core';

import type { GuardedEngine } from '../../access/guarded-engine.js';
import { ChangeFeed, type FeedClock } from './change-feed.js';
import { UPDATE_INTERVAL_MS } from './update-interval.js';

/** A job's state now, then each time it changed. Ends with the job. */
export async function* jobUpdates(
  engine: GuardedEngine,
  jobId: string,
  signal: AbortSignal,
  clock?: FeedClock,
): AsyncGenerator<JobView, void> {
  const feed = new ChangeFeed(engine, { jobId, signal }, UPDATE_INTERVAL_MS, clock);
  try {
    let shownSeq = -1;
    for (;;) {
      const view = await engine.reader.job(jobId);
      if (!view) return;
      if (view.lastSeq !== shownSeq) yield view;
      shownSeq = view.lastSeq;
      if (isTerminalJob(view.status) || (await feed.next()) === null) return;
    }
  } finally {
    feed.close();
  }
}
