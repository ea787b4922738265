import { TaskloomError } from '../errors/taskloom-error.js';
import type { Cancel, Release, Reopen } from '../model/command.js';
import type { JobEvent } from '../model/event.js';
import { isTerminalJob } from '../model/job.js';
import { isTerminalTask } from '../model/task.js';
import { dependentOf, type JobState, type TaskState } from './job-state.js';
import { ancestorsOf, isSkippedByFailure, openTasks } from './select-tasks.js';

/** Cancels the whole job: every open task in one event, and the job. */
export function decideCancel(state: JobState, command: Cancel, at: number): JobEvent[] {
  if (isTerminalJob(state.status))
    throw new TaskloomError('JOB_ALREADY_TERMINAL', `Job ${state.id} is ${state.status}.`, {
      details: { jobId: state.id, status: state.status },
    });
  const { actor } = command;
  const tasks = openTasks(state);
  const cancelled: JobEvent = { type: 'JOB_CANCELLED', at, actor, reason: command.reason };
  return tasks.length === 0 ? [cancelled] : [{ type: 'TASKS_CANCELLED', at, actor, tasks, cause: { reason: 'JOB_CANCELLED' } }, cancelled];
}

/** Tasks that waited for an agent's code may go on. */
export function decideRelease(state: JobState, command: Release, at: number): JobEvent[] {
  const tasks = state.tasks.filter((task) => task.reason === 'AGENT_UNAVAILABLE' && task.agent === command.agent).map((task) => task.no);
  return tasks.length === 0 ? [] : [{ type: 'TASKS_RELEASED', at, actor: 'engine', tasks }];
}

/** Every attempt that an earlier process ran is over; its task starts again. */
export function decideRecover(state: JobState, at: number): JobEvent[] {
  return state.tasks
    .filter((task) => task.status === 'IN_PROGRESS')
    .map((task) => ({ type: 'TASK_ABANDONED', at, actor: 'engine', task: task.no, attempt: task.attempt, strikes: task.strikes + 1 }));
}

/**
 * Begins a new generation of an ended job: the chosen tasks, everything downstream of them and everything above those.
 * What they had added while they ran is superseded; all other finished work is kept.
 */
export function decideReopen(state: JobState, command: Reopen, at: number): JobEvent[] {
  if (!isTerminalJob(state.status))
    throw new TaskloomError('ILLEGAL_MOVE', `Job ${state.id} is ${state.status}; only an ended job can be retried.`, {
      details: { jobId: state.id, status: state.status },
    });
  const seeds = command.tasks ?? state.tasks.filter(isWorthRetrying).map((task) => task.no);
  for (const no of seeds) {
    const task = state.tasks[no];
    if (!task || task.reason === 'SUPERSEDED' || !isTerminalTask(task.status))
      throw new TaskloomError(
        'ILLEGAL_MOVE',
        `Task ${no} of job ${state.id} cannot be retried${task ? `: it is ${task.status} (${String(task.reason)})` : ''}.`,
      );
  }
  if (seeds.length === 0)
    throw new TaskloomError(
      'ILLEGAL_MOVE',
      `Nothing in job ${state.id} failed, was cancelled or was skipped by a failure, so there is nothing to retry; name the tasks to run again.`,
    );
  // A task that is named runs again with everything below it; one that merely did not succeed keeps what is done below it.
  const { chosen, whole } = withDownstream(state, seeds, command.tasks !== null);
  const above = new Set([...chosen].flatMap((no) => ancestorsOf(state, no)).filter((no) => !chosen.has(no)));
  const superseded = supersededBy(
    state,
    whole,
    [...chosen, ...above].filter((no) => !whole.has(no)),
  );
  const tasks = [...chosen, ...above].filter((no) => !superseded.has(no)).sort((a, b) => a - b);
  return [
    { type: 'JOB_REOPENED', at, actor: command.actor, tasks, superseded: [...superseded].sort((a, b) => a - b), reason: command.reason },
  ];
}

function isWorthRetrying(task: TaskState): boolean {
  if (task.reason === 'SUPERSEDED' || task.reason === 'CHILD_FAILED') return false;
  return task.status === 'FAILED' || task.status === 'CANCELLED' || task.status === 'REJECTED' || isSkippedByFailure(task);
}

/**
 * The seeds and every task that depends on one that is chosen, or on something above one; `whole` are those that run again
 * with everything below them: the dependents, and the seeds where they were named.
 */
function withDownstream(
  state: JobState,
  seeds: readonly number[],
  seedsAreWhole: boolean,
): { readonly chosen: ReadonlySet<number>; readonly whole: ReadonlySet<number> } {
  const chosen = new Set<number>();
  const whole = new Set<number>();
  const waiting = seeds.map((no) => ({ no, isWhole: seedsAreWhole }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { no, isWhole } = next;
    const task = state.tasks[no]!;
    if ((isWhole ? whole : chosen).has(no) || task.reason === 'SUPERSEDED') continue;
    if (isWhole) {
      whole.add(no);
      for (const child of task.children) waiting.push({ no: child, isWhole });
    }
    if (chosen.has(no)) continue;
    chosen.add(no);
    for (const ended of [no, ...ancestorsOf(state, no)])
      for (const edge of state.tasks[ended]!.dependents) waiting.push({ no: dependentOf(edge), isWhole: true });
  }
  return { chosen, whole };
}

/**
 * Tasks that reopened tasks had added. A task that is reopened only because of something below it keeps the tasks its map
 * had made; what its agent had asked for is asked for again, with an empty memo.
 */
function supersededBy(state: JobState, whole: ReadonlySet<number>, others: readonly number[]): Set<number> {
  const found = new Set<number>();
  const take = (no: number): void => {
    const waiting = [no];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (state.tasks[next]!.reason === 'SUPERSEDED') continue;
      found.add(next);
      for (const child of state.tasks[next]!.children) waiting.push(child);
    }
  };
  for (const no of whole) for (const child of state.tasks[no]!.children) if (state.tasks[child]!.origin !== 'plan') take(child);
  for (const no of others)
    for (const child of state.tasks[no]!.children)
      if (state.tasks[child]!.origin === 'need' || state.tasks[child]!.origin === 'spawn') take(child);
  return found;
}
