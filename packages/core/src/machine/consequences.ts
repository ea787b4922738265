import type { JobEvent } from '../model/event.js';
import { isTerminalJob } from '../model/job.js';
import { isTerminalTask, TASK_STATUSES } from '../model/task.js';
import type { AgendaItem, JobState } from './job-state.js';
import { ancestorsOf, isSkippedByFailure, openTasks, skippedWith } from './select-tasks.js';

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
      if (isTerminalTask(state.tasks[item.task]!.status)) return [];
      return skipEvents(state, item, at);
    }
    case 'abort':
      return abortJob(state, item.task, at);
    case 'end-job':
      return endJob(state, at);
  }
}

/** The task, what is below it, and what cannot run without one of them: an event for each reason. */
function skipEvents(state: JobState, { task, by, reason }: Extract<AgendaItem, { do: 'skip' }>, at: number): JobEvent[] {
  const all = skippedWith(state, task);
  const isSkipped = new Set(all);
  const isBelow = (no: number): boolean => isSkipped.has(state.tasks[no]!.parent ?? -1);
  const below = all.filter((no) => no !== task && isBelow(no));
  const dependents = all.filter((no) => no !== task && !isBelow(no));
  const events: JobEvent[] = [{ type: 'TASKS_SKIPPED', at, actor: 'engine', tasks: [task], cause: { reason, by } }];
  if (below.length > 0)
    events.push({ type: 'TASKS_SKIPPED', at, actor: 'engine', tasks: below, cause: { reason: 'PARENT_SKIPPED', by: task } });
  if (dependents.length > 0) {
    const failed = reason === 'DEPENDENCY_FAILED';
    events.push({
      type: 'TASKS_SKIPPED',
      at,
      actor: 'engine',
      tasks: dependents,
      cause: failed ? { reason, by } : { reason: 'DEPENDENCY_SKIPPED', by: task },
    });
  }
  return events;
}

/** A final failure under the strategy `abort`: the tasks above it fail, everything else that is open is cancelled, the job fails. */
function abortJob(state: JobState, failed: number, at: number): JobEvent[] {
  const above = ancestorsOf(state, failed).filter((no) => !isTerminalTask(state.tasks[no]!.status));
  const isAbove = new Set(above);
  const rest = openTasks(state).filter((no) => !isAbove.has(no));
  const task = state.tasks[failed]!;
  return [
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
      error: {
        code: 'JOB_FAILED',
        message: `The task "${task.key}" failed and its failure strategy is "abort".`,
        details: { taskKey: task.key },
      },
    },
  ];
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
  if (objective.status === 'FAILED' || objective.status === 'REJECTED') {
    return [
      ...cancelled,
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
  return [...cancelled, { type: 'JOB_COMPLETED', at, actor: 'engine', success }];
}

const READY = TASK_STATUSES.indexOf('READY');
const IN_PROGRESS = TASK_STATUSES.indexOf('IN_PROGRESS');

/**
 * A running job in which no task is ready, running, or parked for something outside can never move again. The rules
 * above should make that impossible; if it happens, the job ends with an explanation instead of waiting for ever.
 */
function deadlock(state: JobState, at: number): JobEvent[] {
  if (state.status !== 'RUNNING' || state.tasks.length === 0 || state.counts[READY]! > 0 || state.counts[IN_PROGRESS]! > 0) return [];
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
