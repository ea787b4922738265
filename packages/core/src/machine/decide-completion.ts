import type { Complete, RecordStep, ReportOverdue, ReportProgress, ReportStream, Skip } from '../model/command.js';
import type { JobEvent, JsonText, TaskCompleted } from '../model/event.js';
import { currentAttempt } from './current-attempt.js';
import { findFalseConditions } from './find-false-conditions.js';
import type { JobState, TaskState } from './job-state.js';
import { cancelBelow } from './select-tasks.js';
import { accept, judged, reject, reviewRequest } from './reviews.js';

/**
 * The attempt returned an output. The task is COMPLETED with it, unless tasks that the agent added still run, or somebody
 * has to judge it first.
 */
export function decideComplete(state: JobState, command: Complete, at: number): JobEvent[] {
  const task = currentAttempt(state, command);
  const { output, summary, verdict, cachedFrom } = command;
  const value = output === 'children' ? [] : command.value;
  const falseConditions = findFalseConditions(state, task, value);
  const review = task.extras?.review ?? null;
  if (review === null && task.openChildren === 0) {
    const completed: TaskCompleted = {
      type: 'TASK_COMPLETED',
      at,
      actor: 'agent',
      task: task.no,
      attempt: task.attempt,
      output,
      summary,
      falseConditions,
      ...(cachedFrom === undefined ? undefined : { cachedFrom }),
    };
    return task.origin === 'review' ? [completed, ...judged(state, task, value, at)] : [completed];
  }
  const waitsForChildren = task.openChildren > 0;
  const returned: JobEvent = {
    type: 'TASK_RETURNED',
    at,
    actor: 'agent',
    task: task.no,
    attempt: task.attempt,
    output: output as JsonText | null,
    summary,
    falseConditions,
    reason: waitsForChildren ? 'WAITING_CHILDREN' : 'WAITING_REVIEW',
  };
  if (verdict && !verdict.accepted)
    return [returned, ...reject(state, task, verdict.feedback ?? 'The output was not accepted.', 'agent', at)];
  if (task.origin === 'review') return [returned, ...judged(state, task, value, at)];
  if (waitsForChildren) return [returned];
  if (verdict) return [returned, accept(task.no, 'agent', verdict.feedback, at)];
  return [returned, ...reviewRequest(state, task, at)];
}

/** What is left to do when the last child of a task that has returned has ended. */
export function finishReturned(state: JobState, task: TaskState, at: number): JobEvent[] {
  const review = task.extras?.review ?? null;
  if (review?.by === 'predicate') return [accept(task.no, 'engine', null, at)];
  if (review) return [{ type: 'TASK_REVIEW_REQUESTED', at, actor: 'engine', task: task.no }, ...reviewRequest(state, task, at)];
  const { attempt, no } = task;
  return [{ type: 'TASK_COMPLETED', at, actor: 'engine', task: no, attempt, output: 'kept', summary: null, falseConditions: [] }];
}

/** The agent found that its task does not apply. */
export function decideSkip(state: JobState, command: Skip, at: number): JobEvent[] {
  const task = currentAttempt(state, command);
  const skipped: JobEvent = {
    type: 'TASK_SKIPPED',
    at,
    actor: 'agent',
    task: task.no,
    cause: { reason: 'AGENT_SKIPPED', message: command.message },
  };
  return [skipped, ...cancelBelow(state, task, at)];
}

export function decideRecordStep(state: JobState, command: RecordStep, at: number): JobEvent[] {
  const { no, generation } = currentAttempt(state, command);
  const { memo, name, value } = command;
  return [{ type: 'TASK_STEP_RECORDED', at, actor: 'agent', task: no, kind: memo, name, value, generation }];
}

export function decideProgress(state: JobState, command: ReportProgress, at: number): JobEvent[] {
  const task = currentAttempt(state, command);
  return [{ type: 'TASK_PROGRESSED', at, actor: 'agent', task: task.no, percent: command.percent, message: command.message }];
}

export function decideStream(state: JobState, command: ReportStream, at: number): JobEvent[] {
  const task = currentAttempt(state, command);
  return [{ type: 'TASK_STREAMED', at, actor: 'agent', task: task.no, text: command.text }];
}

export function decideOverdue(state: JobState, command: ReportOverdue, at: number): JobEvent[] {
  const task = currentAttempt(state, command);
  return [{ type: 'TASK_OVERDUE', at, actor: 'engine', task: task.no, attempt: task.attempt, error: command.error }];
}
