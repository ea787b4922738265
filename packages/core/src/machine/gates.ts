import { isTerminalTask, type StatusReason } from '../model/task.js';
import { type JobState, type TaskState } from './job-state.js';
import { makeReady, move } from './moves.js';
import { wasThere } from './satisfaction.js';

/** Its own dependencies and its parent's gate let the task go: it may start, or what is below it may. */
export function openGate(state: JobState, first: TaskState, at: number): void {
  const opened = [first];
  for (let task = opened.pop(); task !== undefined; task = opened.pop()) {
    task.gateOpen = true;
    if (task.status === 'PENDING' && task.openChildren === 0) {
      runOrSkip(state, task, at);
      continue;
    }
    // One that missed its deadline waits for its fallback or for a person; what was added below it meanwhile runs all the same.
    if (task.status === 'PENDING') move(state, task, 'BLOCKED', 'WAITING_CHILDREN');
    else if (isTerminalTask(task.status)) continue;
    for (let index = task.children.length - 1; index >= 0; index -= 1) {
      const child = state.tasks[task.children[index]!]!;
      if (mayOpen(child) && !isConditionFalse(state, child)) opened.push(child);
    }
  }
}

/** Whether nothing but its parent's gate holds it back. */
export function mayOpen(task: TaskState): boolean {
  return !task.gateOpen && task.openDependencies === 0 && task.status !== 'DORMANT';
}

export function parentGateOpen(state: JobState, task: TaskState): boolean {
  return task.parent === null ? state.begun : state.tasks[task.parent]!.gateOpen;
}

/** Nothing holds the task back any more: it may start, or is skipped where all that was to come before it was. */
export function runOrSkip(state: JobState, task: TaskState, at: number): void {
  // Who rejects something wants it done again, whatever became of what is below.
  const first = task.parent !== null && task.attempt === 0 && task.rejections === 0 ? firstOfSkipped(state, task) : -1;
  if (first >= 0) state.agenda.push({ do: 'skip', task: task.no, by: first, reason: 'CHILDREN_SKIPPED' });
  else makeReady(state, task, at);
}

/** The first of its children where all of them were skipped, else -1; those of an earlier generation do not count. */
function firstOfSkipped(state: JobState, parent: TaskState): number {
  let first = -1;
  for (const no of parent.children) {
    const { status, reason } = state.tasks[no]!;
    if (reason === 'SUPERSEDED') continue;
    if (status !== 'SKIPPED') return -1;
    if (first < 0) first = no;
  }
  return first;
}

/** A condition on a task that ended without an output is false. */
export function isConditionFalse(state: JobState, task: TaskState): boolean {
  if (task.conditionOn < 0) return false;
  const source = state.tasks[task.conditionOn]!;
  if (source.status === 'COMPLETED' || source.status === 'ACCEPTED') return task.conditionFalse;
  return isTerminalTask(source.status) && !task.conditionOr && !wasThere(source, task);
}

/** Why a task is skipped whose dependency on `source` can never be satisfied. */
export function skipReason(source: TaskState): StatusReason {
  if (source.status === 'COMPLETED' || source.status === 'ACCEPTED') return 'NOT_NEEDED';
  return source.status === 'SKIPPED' && source.reason !== 'DEPENDENCY_FAILED' ? 'DEPENDENCY_SKIPPED' : 'DEPENDENCY_FAILED';
}
