import type { StoredError } from '../errors/serialize-error.js';
import type { JobEvent } from '../model/event.js';
import { isTerminalJob } from '../model/job.js';
import { isTerminalTask, TASK_STATUSES, type TaskCause } from '../model/task.js';
import type { AgendaItem, JobState } from './job-state.js';
import { finishReturned } from './decide-completion.js';
import { failEvents } from './fail-events.js';
import { openRequests, withdraw } from './requests.js';
import { ancestorsOf, canBeSkipped, cancelBelow, isSkippedByFailure, openTasks, skippedWith } from './select-tasks.js';

/** The events that the last ones make necessary: the next item of the agenda, decided. Empty when nothing is left. */
export function consequences(state: JobState, now: number): JobEvent[] {
  for (let item = state.agenda.shift(); item !== undefined; item = state.agenda.shift()) {
    const events = decideItem(state, item, now);
    if (events.length > 0) return events;
  }
  return deadlock(state, now);
}

function decideItem(state: JobState, item: AgendaItem, at: number): JobEvent[] {
  if (isTerminalJob(state.status)) return [];
  switch (item.do) {
    case 'skip': {
      return skipEvents(state, takeAlike(state, item), item, at);
    }
    case 'abort':
      return abortJob(state, item.task, item.error, at);
    case 'finish': {
      const task = state.tasks[item.task]!;
      return task.reason === 'WAITING_CHILDREN' && task.openChildren === 0 ? finishReturned(state, task, at) : [];
    }
    case 'take-fallback': {
      if (!state.agenda.some((other) => other.do === 'skip' || other.do === 'finish')) return takeFallback(state, item.task, item.by, at);
      // What cannot run any more, or is done, ends first: what becomes of this one may end the job.
      state.agenda.push(item);
      return [];
    }
    case 'withdraw':
      return withdraw(state, openRequests(state, item.task), at);
    case 'end-job':
      return endJob(state, at);
  }
}

type Skip = Extract<AgendaItem, { do: 'skip' }>;

/** The task to skip and all that are to be skipped for the same cause, as far as they are still open: one event moves them together. */
function takeAlike(state: JobState, { task, by, reason }: Skip): number[] {
  const tasks = [task];
  for (let next = state.agenda[0]; next?.do === 'skip' && next.by === by && next.reason === reason; next = state.agenda[0]) {
    tasks.push(next.task);
    state.agenda.shift();
  }
  return [...new Set(tasks)].filter((no) => canBeSkipped(state.tasks[no]!));
}

/** The tasks, what is below them, and what cannot run without one of those: an event for each reason. */
function skipEvents(state: JobState, roots: readonly number[], { by, reason }: Skip, at: number): JobEvent[] {
  const isRoot = new Set(roots);
  const all = skippedWith(state, roots);
  const isSkipped = new Set(all);
  const isBelow = (no: number): boolean => isSkipped.has(state.tasks[no]!.parent ?? -1);
  const below = all.filter((no) => !isRoot.has(no) && isBelow(no));
  const dependents = all.filter((no) => !isRoot.has(no) && !isBelow(no));
  const failed = reason === 'DEPENDENCY_FAILED';
  return [
    ...skipped(roots, { reason, by }, at),
    ...skipped(below, { reason: 'PARENT_SKIPPED', by: roots[0] ?? by }, at),
    ...skipped(dependents, failed ? { reason, by } : { reason: 'DEPENDENCY_SKIPPED', by: roots[0] ?? by }, at),
  ];
}

function skipped(tasks: readonly number[], cause: TaskCause, at: number): JobEvent[] {
  return tasks.length === 0 ? [] : [{ type: 'TASKS_SKIPPED', at, actor: 'engine', tasks, cause }];
}

/** A final failure under the strategy `abort`: the tasks above it fail, everything else that is open is cancelled, the job fails. */
function abortJob(state: JobState, failed: number, cause: StoredError | null, at: number): JobEvent[] {
  const above = ancestorsOf(state, failed).filter((no) => !isTerminalTask(state.tasks[no]!.status));
  const isAbove = new Set(above);
  const rest = openTasks(state).filter((no) => !isAbove.has(no));
  const task = state.tasks[failed]!;
  return [
    ...withdraw(state, openRequests(state, null), at),
    ...(above.length > 0
      ? [{ type: 'TASKS_FAILED', at, actor: 'engine', tasks: above, cause: { reason: 'CHILD_FAILED', by: failed } } as const]
      : []),
    ...(rest.length > 0
      ? [{ type: 'TASKS_CANCELLED', at, actor: 'engine', tasks: rest, cause: { reason: 'JOB_FAILED', by: failed } } as const]
      : []),
    {
      type: 'JOB_FAILED',
      at,
      actor: 'engine',
      task: failed,
      error:
        cause?.code === 'CASCADE_ABORTED'
          ? cause
          : {
              code: 'JOB_FAILED',
              message: `The task "${task.key}" failed and its failure strategy is "${task.strategy}".`,
              details: { taskKey: task.key },
              ...(cause ? { causes: [cause.message, ...(cause.causes ?? [])].slice(0, CAUSES) } : undefined),
            },
    },
  ];
}

const CAUSES = 5;

/** The task that stands in for another has ended: its output is the other's, or both have failed. */
function takeFallback(state: JobState, no: number, by: number, at: number): JobEvent[] {
  const task = state.tasks[no]!;
  const fallback = state.tasks[by]!;
  if (task.reason !== 'WAITING_FALLBACK') return [];
  const { attempt } = task;
  if (fallback.status === 'COMPLETED' || fallback.status === 'ACCEPTED')
    return [
      ...cancelBelow(state, task, at),
      { type: 'TASK_COMPLETED', at, actor: 'engine', task: no, attempt, output: by, summary: null, falseConditions: [] },
    ];
  const message = `"${task.key}" failed, and its fallback "${fallback.key}" is ${fallback.status}.`;
  return failEvents(state, task, { error: { code: 'AGENT_FAILED', message }, timedOut: false, actor: 'engine' }, at);
}

/** The objective has ended, and the job with it. */
function endJob(state: JobState, at: number): JobEvent[] {
  const objective = state.tasks[0]!;
  if (!isTerminalTask(objective.status)) return [];
  const leftOver = openTasks(state);
  const cancelled: JobEvent[] =
    leftOver.length > 0
      ? [{ type: 'TASKS_CANCELLED', at, actor: 'engine', tasks: leftOver, cause: { reason: 'PARENT_ENDED', by: 0 } }]
      : [];
  const closing = [...withdraw(state, openRequests(state, null), at), ...cancelled];
  if (objective.status === 'FAILED' || objective.status === 'REJECTED') {
    return [
      ...closing,
      {
        type: 'JOB_FAILED',
        at,
        actor: 'engine',
        task: 0,
        error: { code: 'JOB_FAILED', message: `The objective "${objective.key}" failed.`, details: { taskKey: objective.key } },
      },
    ];
  }
  const success = !state.tasks.some((task) => task.status === 'FAILED' || task.status === 'REJECTED' || isSkippedByFailure(task));
  return [...closing, { type: 'JOB_COMPLETED', at, actor: 'engine', success }];
}

const READY = TASK_STATUSES.indexOf('READY');
const IN_PROGRESS = TASK_STATUSES.indexOf('IN_PROGRESS');

/**
 * A running job in which no task is ready, running, or parked for something outside can never move again. The rules
 * above should make that impossible; if it happens, the job ends with an explanation instead of waiting for ever.
 */
function deadlock(state: JobState, at: number): JobEvent[] {
  if (state.status !== 'RUNNING' || !state.begun || state.tasks.length === 0 || state.counts[READY]! > 0 || state.counts[IN_PROGRESS]! > 0)
    return [];
  const open = openTasks(state);
  const waitsOutside = open.some((no) => {
    const { reason } = state.tasks[no]!;
    return (
      reason === 'AGENT_UNAVAILABLE' ||
      reason === 'MANUAL' ||
      reason === 'WAITING_HUMAN' ||
      reason === 'WAITING_REVIEW' ||
      reason === 'WAITING_TIMER'
    );
  });
  if (waitsOutside) return [];
  const shown = open.slice(0, 10).map((no) => `"${state.tasks[no]!.key}" (${state.tasks[no]!.reason ?? state.tasks[no]!.status})`);
  return [
    { type: 'TASKS_CANCELLED', at, actor: 'engine', tasks: open, cause: { reason: 'JOB_FAILED' } },
    {
      type: 'JOB_FAILED',
      at,
      actor: 'engine',
      task: null,
      error: { code: 'JOB_DEADLOCK', message: `Nothing in the job can move any more; waiting are ${shown.join(', ')}.` },
    },
  ];
}
