import { isTerminalJob, type HumanRequestFilter, type HumanRequestView } from '@taskloom/core';

import type { GuardedEngine } from '../../access/guarded-engine.js';
import { MAX_PAGE } from '../page-size.js';
import { ChangeFeed } from './change-feed.js';
import { UPDATE_INTERVAL_MS } from './update-interval.js';

/** The open questions, then each one that was asked or closed since. Of one job it ends with the job. */
export async function* humanRequestUpdates(
  engine: GuardedEngine,
  jobId: string | null,
  signal: AbortSignal,
): AsyncGenerator<HumanRequestView, void> {
  const feed = new ChangeFeed(engine, { ...(jobId === null ? undefined : { jobId }), signal }, UPDATE_INTERVAL_MS);
  /** What is open, by id, with the job it belongs to. */
  const open = new Map<string, string>();
  try {
    for await (const view of requests(engine, { status: ['OPEN'], ...(jobId === null ? undefined : { jobId }) })) {
      open.set(view.id, view.jobId);
      yield view;
    }
    for (;;) {
      if (jobId !== null && (await hasEnded(engine, jobId))) return;
      const changes = await feed.next();
      if (!changes) return;
      for (const change of changes) yield* changed(engine, change.jobId, open);
    }
  } finally {
    feed.close();
  }
}

async function* changed(engine: GuardedEngine, jobId: string, open: Map<string, string>): AsyncGenerator<HumanRequestView, void> {
  const before = [...open].filter(([, of]) => of === jobId).map(([id]) => id);
  for await (const view of requests(engine, { status: ['OPEN'], jobId })) {
    if (!open.has(view.id)) yield view;
    open.set(view.id, jobId);
  }
  for (const id of before) {
    const view = await engine.reader.humanRequest(id);
    if (view?.status === 'OPEN') continue;
    open.delete(id);
    if (view) yield view;
  }
}

async function* requests(engine: GuardedEngine, filter: HumanRequestFilter): AsyncGenerator<HumanRequestView, void> {
  let after: string | null = null;
  do {
    const page = await engine.reader.humanRequests(filter, { first: MAX_PAGE, ...(after === null ? undefined : { after }) });
    yield* page.items;
    after = page.hasNextPage ? page.endCursor : null;
  } while (after !== null);
}

async function hasEnded(engine: GuardedEngine, jobId: string): Promise<boolean> {
  const job = await engine.reader.job(jobId);
  return !job || isTerminalJob(job.status);
}
