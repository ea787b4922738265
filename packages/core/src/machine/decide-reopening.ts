import { TaskloomError } from '../errors/taskloom-error.js';
import type { Reopen } from '../model/command.js';
import type { JobEvent } from '../model/event.js';
import { isTerminalJob } from '../model/job.js';
import { isTerminalTask } from '../model/task.js';
import { dependentOf, type JobState, type TaskState } from './job-state.js';
import { openRequests, withdraw } from './requests.js';
import { ancestorsOf, isSkippedByFailure } from './select-tasks.js';

/**
 * Begins a new generation of the chosen tasks, everything downstream of them and everything above those. What they had
 * added while they ran is superseded; all other finished work is kept. An ended job is open again with it; in an open job
 * the tasks have to be named.
 */
export function decideReopen(state: JobState, command: Reopen, at: number): JobEvent[] {
  const hasEnded = isTerminalJob(state.status);
  if (!hasEnded && command.tasks === null)
    throw new TaskloomError(
      'ILLEGAL_MOVE',
      `Job ${state.id} is ${state.status}; name the tasks to run again, or wait until it has ended.`,
      {
        details: { jobId: state.id, status: state.status },
      },
    );
  const seeds = command.tasks ?? state.tasks.filter(isWorthRetrying).map((task) => task.no);
  for (const no of seeds) {
    const task = state.tasks[no];
    if (!task || task.reason === 'SUPERSEDED' || !isTerminalTask(task.status))
      throw new TaskloomError(
        'ILLEGAL_MOVE',
        `Task ${no} of job ${state.id} cannot be retried${task ? `: it is ${task.status}${task.reason === null ? '' : ` (${task.reason})`}` : ''}.`,
      );
  }
  if (seeds.length === 0)
    throw new TaskloomError(
      'ILLEGAL_MOVE',
      `Nothing in job ${state.id} failed, was cancelled or was skipped by a failure, so there is nothing to retry; name the tasks to run again.`,
    );
  // A task that is named runs again with everything below it; one that merely did not succeed keeps what is done below it.
  const { chosen, whole } = withDownstream(state, seeds, command.tasks !== null);
  const above = new Set([...chosen].flatMap((no) => reopenedAbove(state, no, hasEnded)).filter((no) => !chosen.has(no)));
  const superseded = supersededBy(
    state,
    whole,
    [...chosen, ...above].filter((no) => !whole.has(no)),
  );
  const tasks = [...chosen, ...above].filter((no) => !superseded.has(no)).sort((a, b) => a - b);
  const { actor, reason } = command;
  return [
    ...withdraw(state, requestsOf(state, [...tasks, ...superseded]), at),
    { type: hasEnded ? 'JOB_REOPENED' : 'TASKS_REOPENED', at, actor, tasks, superseded: [...superseded].sort((a, b) => a - b), reason },
  ];
}

/** The tasks above one that run again with it: all that have built on what it came to before. */
function reopenedAbove(state: JobState, no: number, hasEnded: boolean): number[] {
  const found: number[] = [];
  let child = state.tasks[no]!;
  for (let parent = child.parent; parent !== null; parent = child.parent) {
    const task = state.tasks[parent]!;
    if (hasEnded || !waitsFor(state, task, child)) found.push(parent);
    child = task;
  }
  return found;
}

/** Whether an open task has not built on its child's end yet: it waits for it, or will do so again. */
function waitsFor(state: JobState, task: TaskState, child: TaskState): boolean {
  if (isTerminalTask(task.status) || isUndecided(state, task)) return false;
  if (task.attempt === 0) return true;
  if (task.output.kind !== 'none') return false;
  const wasAskedFor = child.origin === 'need' || child.origin === 'spawn';
  switch (task.status === 'BLOCKED' ? task.reason : task.status === 'READY' ? task.nextReason : null) {
    case 'WAITING_CHILDREN':
    case 'CHILDREN_FINISHED':
      return true;
    case 'WAITING_DEPENDENCIES':
    case 'WAITING_HUMAN':
    case 'WAITING_TIMER':
    case 'DEPENDENCIES_RESOLVED':
    case 'ANSWERED':
    case 'SLEPT':
      return wasAskedFor;
    default:
      return false;
  }
}

/** Whether it has failed, and a person decides what becomes of it. */
function isUndecided({ requests }: JobState, { no, reason }: TaskState): boolean {
  return reason === 'WAITING_HUMAN' && [...requests.values()].some(({ task, kind }) => task === no && kind === 'failure');
}

function requestsOf(state: JobState, tasks: readonly number[]): number[] {
  return state.requests.size === 0 ? [] : [...new Set(tasks)].flatMap((no) => openRequests(state, no));
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
    for (const ended of [no, ...ancestorsOf(state, no)]) {
      for (const edge of state.tasks[ended]!.dependents) waiting.push({ no: dependentOf(edge), isWhole: true });
      const failed = state.tasks[ended]!.fallbackOf;
      if (failed >= 0 && hasBuiltOn(state.tasks[failed]!, ended)) waiting.push({ no: failed, isWhole: true });
    }
  }
  return { chosen, whole };
}

/** Whether a task has its output from the fallback, or has failed although there was one. */
function hasBuiltOn({ status, reason, causedBy }: TaskState, fallback: number): boolean {
  return status === 'FAILED' || status === 'REJECTED' || (reason === 'RECOVERED' && causedBy === fallback);
}

const ADDED_BY_AGENT: ReadonlySet<string> = new Set(['need', 'spawn', 'review']);

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
  for (const no of whole)
    for (const child of state.tasks[no]!.children)
      if (state.tasks[child]!.origin !== 'plan' && state.tasks[child]!.origin !== 'external') take(child);
  for (const no of others) for (const child of state.tasks[no]!.children) if (ADDED_BY_AGENT.has(state.tasks[child]!.origin)) take(child);
  return found;
}
