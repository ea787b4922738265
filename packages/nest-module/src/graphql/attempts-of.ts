import type { EventType, EventView, StoredError, TaskRun, TaskView } from '@taskloom/core';
import { JobRuns } from '@taskloom/core/internal';

export const ATTEMPT_STATUSES = ['RUNNING', 'COMPLETED', 'FAILED', 'TIMED_OUT', 'SUSPENDED', 'CANCELLED', 'ABANDONED'] as const;
export type AttemptStatus = (typeof ATTEMPT_STATUSES)[number];

/** One run of a task's agent: an attempt, or the part of it up to a wait. */
export interface AttemptView {
  /** From 1 in each generation of the task. */
  readonly number: number;
  readonly status: AttemptStatus;
  readonly startedAt: number;
  /** `null` while it runs, and where it ended with so many other tasks that the event does not name it. */
  readonly endedAt: number | null;
  readonly error: StoredError | null;
}

const ENDS: { readonly [Type in EventType]?: AttemptStatus } = {
  TASK_COMPLETED: 'COMPLETED',
  TASK_RETURNED: 'COMPLETED',
  TASK_SKIPPED: 'COMPLETED',
  TASK_FAILED: 'FAILED',
  TASK_RETRY_SCHEDULED: 'FAILED',
  TASK_REROUTED: 'FAILED',
  TASK_SUSPENDED: 'SUSPENDED',
  TASK_PARKED: 'SUSPENDED',
  TASK_ABANDONED: 'ABANDONED',
};

/** The attempts at a task, oldest first, as the events about it tell them. */
export function attemptsOf({ id, status }: Pick<TaskView, 'id' | 'status'>, history: readonly EventView[]): readonly AttemptView[] {
  const runs = new JobRuns();
  for (const event of history) runs.take(event);
  return toAttempts({ status }, runs.of(id));
}

/** All runs of a task, oldest first. */
export function toAttempts({ status }: Pick<TaskView, 'status'>, runs: readonly TaskRun[]): readonly AttemptView[] {
  return runs.map((run, index) => {
    const { attempt: number, startedAt, endedAt, error } = run;
    const isLast = index === runs.length - 1;
    return { number, status: isLast && run.end === null && status === 'IN_PROGRESS' ? 'RUNNING' : endOf(run), startedAt, endedAt, error };
  });
}

function endOf({ end, endedBy, timedOut }: TaskRun): AttemptStatus {
  const became = end === null ? undefined : ENDS[end];
  // An event told that concerned many tasks.
  if (became === undefined) return 'CANCELLED';
  if (became === 'FAILED' && timedOut) return 'TIMED_OUT';
  // Whoever skips a task while it runs, or says how it ends, takes it from its agent.
  return endedBy?.startsWith('user') === true ? 'CANCELLED' : became;
}
