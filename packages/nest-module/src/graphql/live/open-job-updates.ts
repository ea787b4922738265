import type { JobView } from '@taskloom/core';

import type { GuardedEngine } from '../../access/guarded-engine.js';
import { MAX_PAGE } from '../page-size.js';
import { ChangeFeed, type FeedClock } from './change-feed.js';
import { UPDATE_INTERVAL_MS } from './update-interval.js';

/** The newest jobs that have not ended, then every job each time it changed. */
export async function* openJobUpdates(engine: GuardedEngine, signal: AbortSignal, clock?: FeedClock): AsyncGenerator<JobView, void> {
  const feed = new ChangeFeed(engine, { signal }, UPDATE_INTERVAL_MS, clock);
  try {
    const { items } = await engine.reader.jobs({ isOpen: true }, { first: MAX_PAGE });
    yield* items;
    for (let changes = await feed.next(); changes; changes = await feed.next()) {
      for (let from = 0; from < changes.length; from += MAX_PAGE) {
        const views = await engine.reader.jobsAt(changes.slice(from, from + MAX_PAGE).map(({ jobId }) => jobId));
        for (const view of views) if (view) yield view;
      }
    }
  } finally {
    feed.close();
  }
}
