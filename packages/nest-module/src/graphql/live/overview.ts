import type { AlertView, JobStatus, LimitGauge, TaskStatus } from '@taskloom/core';

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
  /** Those that last, newest first. */
  readonly alerts: readonly AlertView[];
}

/** @throws ApiError `FORBIDDEN` for a caller that may not count */
export async function readOverview(engine: GuardedEngine): Promise<OverviewView> {
  const [jobs, tasks, alerts] = await Promise.all([
    engine.reader.jobCounts({}),
    engine.reader.taskCounts({}),
    engine.alerts({ isActive: true }),
  ]);
  return { jobs, tasks, limits: engine.limitGauges(), alerts };
}

/** The overview now, then each time it is another one. */
export async function* overviewUpdates(engine: GuardedEngine, signal: AbortSignal): AsyncGenerator<OverviewView, void> {
  const feed = new ChangeFeed(engine, { signal }, INTERVAL_MS);
  const alerts = engine.alertChanges({ signal })[Symbol.asyncIterator]();
  try {
    let jobsChanged = feed.next().then((changes) => changes !== null);
    let alertChanged = alerts.next().then(({ done }) => done !== true);
    let shown = '';
    for (;;) {
      const view = await readOverview(engine);
      const text = JSON.stringify(view);
      // Of what others do nothing is told, not even when.
      if (text !== shown) yield view;
      shown = text;
      const isOfJobs = await Promise.race([jobsChanged.then(() => true), alertChanged.then(() => false)]);
      if (!(await (isOfJobs ? jobsChanged : alertChanged))) return;
      if (isOfJobs) jobsChanged = feed.next().then((changes) => changes !== null);
      else alertChanged = alerts.next().then(({ done }) => done !== true);
    }
  } finally {
    feed.close();
  }
}
