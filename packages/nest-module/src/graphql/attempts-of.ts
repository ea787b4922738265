import type { EventType, EventView, StoredError, TaskView } from '@taskloom/core';

export const ATTEMPT_STATUSES = ['RUNNING', 'COMPLETED', 'FAILED', 'TIMED_OUT', 'SUSPENDED', 'CANCELLED', 'ABANDONED'] as const;
export type AttemptStatus = (typeof ATTEMPT_STATUSES)[number];

/** One run of a task's agent: an attempt, or the part of it up to a wait. */
export interface AttemptView {
  /** From 1 in each generation of the task. */
  readonly number: number;
  readonly status: AttemptStatus;
  readonly startedAt: number;
  /** `null` while it runs, and where the event that ended it concerned many tasks. */
  readonly endedAt: number | null;
  readonly error: StoredError | null;
}

type Ends = { readonly [Type in EventType]?: AttemptStatus };

const ENDS: Ends = {
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
export function attemptsOf({ status }: Pick<TaskView, 'status'>, history: readonly EventView[]): readonly AttemptView[] {
  const attempts: AttemptView[] = [];
  let open: AttemptView | null = null;
  for (const { type, at, actor, data } of history) {
    if (type === 'TASK_STARTED') {
      // Of the one before, an event told that concerned many tasks.
      if (open) attempts.push({ ...open, status: 'CANCELLED' });
      open = { number: Number(data['attempt']), status: 'RUNNING', startedAt: at, endedAt: null, error: null };
    }
    const end = ENDS[type];
    if (!open || end === undefined) continue;
    attempts.push({ ...open, status: endOf(end, actor, data), endedAt: at, error: (data['error'] as StoredError | undefined) ?? null });
    open = null;
  }
  if (open) attempts.push(status === 'IN_PROGRESS' ? open : { ...open, status: 'CANCELLED' });
  return attempts;
}

function endOf(end: AttemptStatus, actor: string, { timedOut }: EventView['data']): AttemptStatus {
  if (end === 'FAILED' && timedOut === true) return 'TIMED_OUT';
  // Whoever skips a task while it runs, or says how it ends, takes it from its agent.
  return actor.startsWith('user') ? 'CANCELLED' : end;
}
