import type { DependencyMode, TaskStatus } from '../model/task.js';
import type { TaskState } from './job-state.js';

/** What a dependency comes to, given where its source stands. */
export type Satisfaction = 'open' | 'satisfied' | 'unsatisfiable';

/**
 * | source →  | not ended | COMPLETED, ACCEPTED | FAILED, REJECTED | SKIPPED, CANCELLED |
 * |-----------|-----------|---------------------|------------------|--------------------|
 * | completed | open      | satisfied           | unsatisfiable    | unsatisfiable      |
 * | settled   | open      | satisfied           | satisfied        | satisfied          |
 * | failed    | open      | unsatisfiable       | satisfied        | unsatisfiable      |
 */
export function satisfactionOf(mode: DependencyMode, source: TaskStatus): Satisfaction {
  switch (source) {
    case 'COMPLETED':
    case 'ACCEPTED':
      return mode === 'failed' ? 'unsatisfiable' : 'satisfied';
    case 'FAILED':
    case 'REJECTED':
      return mode === 'completed' ? 'unsatisfiable' : 'satisfied';
    case 'SKIPPED':
    case 'CANCELLED':
      return mode === 'settled' ? 'satisfied' : 'unsatisfiable';
    case 'PENDING':
    case 'READY':
    case 'IN_PROGRESS':
    case 'BLOCKED':
    case 'DORMANT':
      return 'open';
  }
}

/** Like `satisfactionOf`; a fallback that does not sleep any more was needed, whatever has become of the task it stands in for. */
export function satisfactionBy(mode: DependencyMode, source: TaskState, dependent: TaskState): Satisfaction {
  const wasNeeded = mode === 'failed' && dependent.fallbackOf === source.no && dependent.status !== 'DORMANT';
  return wasNeeded || wasThere(source, dependent) ? 'satisfied' : satisfactionOf(mode, source.status);
}

/**
 * Who rejects something wants it done again: what it had waited for had come, and stands in its way no more where it was taken
 * back since, because what had asked for it was rejected or retried. What had not come when it was taken back never will.
 */
export function wasThere(source: TaskState, dependent: TaskState): boolean {
  return dependent.rejections > 0 && source.reason === 'SUPERSEDED' && source.finishedAt > 0;
}

/** A fallback that has begun goes on, whatever becomes of the task that it stands in for. */
export function standsInAlready({ fallbackOf, attempt, rejections }: TaskState, source: TaskState): boolean {
  return fallbackOf === source.no && (attempt > 0 || rejections > 0);
}
