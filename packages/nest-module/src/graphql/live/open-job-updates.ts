import { JOB_STATUSES, isTerminalJob, type JobView } from '@taskloom/core';

import type { GuardedEngine } from '../../access/guarded-engine.js';
import { MAX_PAGE } from '../page-size.js';
import { ChangeFeed } from './change-feed.js';
import { UPDATE_INTERVAL_MS } from './update-interval.js';

const OPEN = JOB_STATUSES.filter((status) => !isTerminalJob(status));

/** The newest jobs that have not ended, then every job each time it changed. */
export async function* openJobUpdates(engine: GuardedEngine, signal: AbortSignal): AsyncGenerator<JobView, void> {
  const feed = new ChangeFeed(engine, { signal }, UPDATE_INTERVAL_MS);
  try {
    const { items } = await engine.reader.jobs({ status: OPEN }, { first: MAX_PAGE });
    yield* items;
    for (let changes = await feed.next(); changes; changes = await feed.next()) {
      for (const { jobId } of changes) {
        const view = await engine.reader.job(jobId);
        if (view) yield view;
      }
    }
  } finally {
    feed.close();
  }
}
