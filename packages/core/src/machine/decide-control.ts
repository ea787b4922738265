import { noTaskInJob } from '../errors/not-found.js';
import { TaskloomError } from '../errors/taskloom-error.js';
import type { Cancel, CancelTask, Hold, LiftHold, Release, Resume, SkipTask } from '../model/command.js';
import type { JobEvent } from '../model/event.js';
import { isTerminalJob } from '../model/job.js';
import { isTerminalTask, type TaskCause } from '../model/task.js';
import { failEvents } from './fail-events.js';
import { findFalseConditions } from './find-false-conditions.js';
import type { JobState, TaskState } from './job-state.js';
import { openRequests, withdraw } from './requests.js';
import { saying } from './saying.js';
import { cancelBelow, openSubtree, openTasks } from './select-tasks.js';

/** Cancels the whole job: every open task in one event, and the job. */
export function decideCancel(state: JobState, { actor, reason }: Cancel, at: number): JobEvent[] {
  requireOpenJob(state);
  const tasks = openTasks(state);
  return [
    ...withdraw(state, openRequests(state, null), at),
    ...(tasks.length > 0 ? [{ type: 'TASKS_CANCELLED', at, actor, tasks, cause: { reason: 'JOB_CANCELLED' } } as const] : []),
    { type: 'JOB_CANCELLED', at, actor, reason },
  ];
}

/** Cancels a task and everything below it. */
export function decideCancelTask(state: JobState, { task: no, actor, reason }: CancelTask, at: number): JobEvent[] {
  const task = requireOpenTask(state, no, 'cancelled');
  return [{ type: 'TASKS_CANCELLED', at, actor, tasks: openSubtree(state, task.no), cause: byPerson(reason) }];
}

/** Skips a task and everything below it; what needs it to complete is skipped with it. */
export function decideSkipTask(state: JobState, { task: no, actor, reason }: SkipTask, at: number): JobEvent[] {
  const task = requireOpenTask(state, no, 'skipped');
  const below = openSubtree(state, no).filter((other) => other !== no);
  return [
    { type: 'TASK_SKIPPED', at, actor, task: task.no, cause: byPerson(reason) },
    ...(below.length > 0 ? [{ type: 'TASKS_SKIPPED', at, actor, tasks: below, cause: { reason: 'PARENT_SKIPPED', by: no } } as const] : []),
  ];
}

/** Holds back a task and everything below it, or, as task 0, the job: nothing of it starts any more. */
export function decideHold(state: JobState, { task: no, actor, reason }: Hold, at: number): JobEvent[] {
  const task = no === 0 ? requireOpenJob(state).tasks[0]! : requireOpenTask(state, no, 'held');
  // A hold that only waits for an answer becomes the operator's own.
  const waitsForAnswer = no === 0 && [...state.requests.values()].some(({ holdsJob }) => holdsJob);
  return task.held && !waitsForAnswer ? [] : [{ type: 'HOLD_PLACED', at, actor, task: no, reason }];
}

export function decideLiftHold(state: JobState, { task: no, actor, reason }: LiftHold, at: number): JobEvent[] {
  requireOpenJob(state);
  return state.tasks[no]?.held ? [{ type: 'HOLD_LIFTED', at, actor, task: no, ...saying(reason) }] : [];
}

/** A person says what a parked task comes to. */
export function decideResume(state: JobState, command: Resume, at: number): JobEvent[] {
  const { task: no, actor, as, output, value, reason } = command;
  const task = requireOpenTask(state, no, 'resumed');
  if (task.reason !== 'MANUAL' && !(task.reason === 'AGENT_UNAVAILABLE' && as !== 'RERUN'))
    throw new TaskloomError(
      'ILLEGAL_MOVE',
      `Task "${task.key}" is not parked: it is ${task.status}${task.reason ? ` (${task.reason})` : ''}.`,
      {
        details: { task: task.key, status: task.status, reason: task.reason },
      },
    );
  switch (as) {
    case 'RERUN':
      return [{ type: 'TASKS_RELEASED', at, actor, tasks: [no], ...saying(reason) }];
    case 'COMPLETED': {
      const falseConditions = findFalseConditions(state, task, value);
      return [
        ...cancelBelow(state, task, at),
        { type: 'TASK_COMPLETED', at, actor, task: no, attempt: task.attempt, output, summary: null, falseConditions, ...saying(reason) },
      ];
    }
    case 'FAILED': {
      const message = reason ?? `A person said that "${task.key}" failed.`;
      return failEvents(state, task, { error: { code: 'FAILED_BY_PERSON', message }, timedOut: false, actor, reason: 'BY_PERSON' }, at);
    }
  }
}

/** Tasks that waited for an agent's code may go on. */
export function decideRelease(state: JobState, command: Release, at: number): JobEvent[] {
  const tasks = state.tasks.filter((task) => task.reason === 'AGENT_UNAVAILABLE' && task.agent === command.agent).map((task) => task.no);
  return tasks.length === 0 ? [] : [{ type: 'TASKS_RELEASED', at, actor: 'engine', tasks }];
}

function byPerson(reason: string | null): TaskCause {
  return { reason: 'BY_PERSON', ...(reason === null ? undefined : { message: reason }) };
}

function requireOpenJob(state: JobState): JobState {
  if (!isTerminalJob(state.status)) return state;
  throw new TaskloomError('JOB_ALREADY_TERMINAL', `Job ${state.id} is ${state.status}.`, {
    details: { jobId: state.id, status: state.status },
  });
}

/** The objective stands for the job: what is done to it is done with the job's own commands. */
function requireOpenTask(state: JobState, no: number, what: string): TaskState {
  requireOpenJob(state);
  const task = state.tasks[no];
  if (!task) throw noTaskInJob(state.id, no);
  if (no === 0 && what !== 'resumed')
    throw new TaskloomError('ILLEGAL_MOVE', `The objective of job ${state.id} cannot be ${what}; do it to the job.`, {
      details: { jobId: state.id },
    });
  if (isTerminalTask(task.status))
    throw new TaskloomError('ILLEGAL_MOVE', `Task "${task.key}" is ${task.status} and cannot be ${what}.`, {
      details: { task: task.key, status: task.status },
    });
  return task;
}
