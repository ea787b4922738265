import { isTerminalJob, type JobChange, type TaskView } from '@taskloom/core';

import type { GuardedEngine } from '../../access/guarded-engine.js';
import { MAX_PAGE } from '../page-size.js';
import { present } from '../present.js';
import { ChangeFeed, type FeedClock } from './change-feed.js';
import type { TaskScope } from './task-scope.js';
import { UPDATE_INTERVAL_MS } from './update-interval.js';

/** The state of a job's tasks now, then of each one that changed. Ends with the job. */
export async function* taskUpdates(
  engine: GuardedEngine,
  jobId: string,
  /** `null`: all tasks. */
  scope: TaskScope | null,
  signal: AbortSignal,
  clock?: FeedClock,
): AsyncGenerator<TaskView, void> {
  const feed = new ChangeFeed(engine, { jobId, signal }, UPDATE_INTERVAL_MS, clock);
  try {
    const before = await engine.reader.job(jobId);
    yield* inScope(allTasks(engine, jobId), scope);
    if (!before || isTerminalJob(before.status)) return;
    for (let changes = await feed.next(); changes; changes = await feed.next()) {
      yield* inScope(changedTasks(engine, jobId, changes), scope);
      if (await isTold(engine, jobId, changes)) return;
    }
  } finally {
    feed.close();
  }
}

async function* inScope(tasks: AsyncIterable<TaskView>, scope: TaskScope | null): AsyncGenerator<TaskView, void> {
  for await (const task of tasks) if (!scope || (await scope.filter([task.no])).length > 0) yield task;
}

async function* allTasks(engine: GuardedEngine, jobId: string): AsyncGenerator<TaskView, void> {
  let after: string | undefined;
  for (let more = true; more;) {
    const page = await engine.reader.tasks({ jobId }, { first: MAX_PAGE, ...present({ after }) });
    yield* page.items;
    after = page.endCursor ?? undefined;
    more = page.hasNextPage;
  }
}

async function* changedTasks(engine: GuardedEngine, jobId: string, changes: readonly JobChange[]): AsyncGenerator<TaskView, void> {
  const numbers = [...new Set(changes.flatMap((change) => change.tasks))];
  for (let from = 0; from < numbers.length; from += MAX_PAGE) {
    const views = await engine.reader.tasksAt(numbers.slice(from, from + MAX_PAGE).map((no) => ({ jobId, no })));
    for (const view of views) if (view) yield view;
  }
}

/** Whether the job has ended and its last change was among those told. */
async function isTold(engine: GuardedEngine, jobId: string, changes: readonly JobChange[]): Promise<boolean> {
  const job = await engine.reader.job(jobId);
  return !job || (isTerminalJob(job.status) && changes.some((change) => change.lastSeq >= job.lastSeq));
}
