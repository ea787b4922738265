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
  const left = new AbortController();
  const until = { signal: AbortSignal.any([signal, left.signal]) };
  const feed = new ChangeFeed(engine, until, INTERVAL_MS);
  const alerts = engine.alertChanges(until)[Symbol.asyncIterator]();
  const jobsChange = (): Promise<boolean> => heeded(feed.next().then((changes) => changes !== null));
  const alertChanges = (): Promise<boolean> => heeded(alerts.next().then(({ done }) => done !== true));
  try {
    let ofJobs = jobsChange();
    let ofAlerts = alertChanges();
    let shown = '';
    for (;;) {
      const view = await readOverview(engine);
      const text = JSON.stringify(view);
      // Of what others do nothing is told, not even when.
      if (text !== shown) yield view;
      shown = text;
      const isOfJobs = await Promise.race([ofJobs.then(() => true), ofAlerts.then(() => false)]);
      if (!(await (isOfJobs ? ofJobs : ofAlerts))) return;
      if (isOfJobs) ofJobs = jobsChange();
      else ofAlerts = alertChanges();
    }
  } finally {
    left.abort();
    feed.close();
  }
}

/** Awaited later, or never when the client leaves. */
function heeded<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
