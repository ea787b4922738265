import type { JobStatus, LimitGauge, TaskStatus } from '@taskloom/core';

import type { GuardedEngine } from '../../access/guarded-engine.js';
import { ChangeFeed } from './change-feed.js';

/** However much happens, an overview is read and pushed no more often than this. */
const INTERVAL_MS = 1_000;

/** What is counted, at one moment. */
export interface OverviewView {
  readonly jobs: Readonly<Record<JobStatus, number>>;
  readonly tasks: Readonly<Record<TaskStatus, number>>;
  /** The fullest first; `null` for a caller that does not see everything. */
  readonly limits: readonly LimitGauge[] | null;
}

/** @throws ApiError `FORBIDDEN` for a caller that may not count */
export async function readOverview(engine: GuardedEngine): Promise<OverviewView> {
  const [jobs, tasks] = await Promise.all([engine.reader.jobCounts({}), engine.reader.taskCounts({})]);
  return { jobs, tasks, limits: engine.limitGauges() };
}

/** The overview now, then each time it is another one. */
export async function* overviewUpdates(engine: GuardedEngine, signal: AbortSignal): AsyncGenerator<OverviewView, void> {
  const feed = new ChangeFeed(engine, { signal }, INTERVAL_MS);
  try {
    let shown = '';
    do {
      const view = await readOverview(engine);
      const text = JSON.stringify(view);
      // Of what others do nothing is told, not even when.
      if (text !== shown) yield view;
      shown = text;
    } while ((await feed.next()) !== null);
  } finally {
    feed.close();
  }
}
