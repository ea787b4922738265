import type { JobEvent } from '../model/event.js';
import { isTerminalTask } from '../model/task.js';
import { dependentOf, modeOfEdge, type JobState, type TaskState } from './job-state.js';
import { standsInAlready } from './satisfaction.js';

/** The task and everything below it that has not ended, parents before children. */
export function openSubtree(state: JobState, root: number): number[] {
  const found: number[] = [];
  const waiting = [root];
  for (let no = waiting.pop(); no !== undefined; no = waiting.pop()) {
    const task = state.tasks[no]!;
    if (!isTerminalTask(task.status)) found.push(no);
    for (const child of task.children) waiting.push(child);
  }
  return found;
}

/**
 * What skipped tasks take with them: everything open below it, and every task that needed it, or needed something that
 * is skipped with it, to complete. A dependent by mode `settled` is not among them.
 */
export function skippedWith(state: JobState, roots: readonly number[]): number[] {
  const isRoot = new Set(roots);
  const found = new Set<number>();
  const waiting = [...roots];
  for (let no = waiting.pop(); no !== undefined; no = waiting.pop()) {
    if (found.has(no)) continue;
    const task = state.tasks[no]!;
    if (!isTerminalTask(task.status)) found.add(no);
    else if (!isRoot.has(no) && task.status !== 'SKIPPED') continue;
    for (const child of task.children) if (!isTerminalTask(state.tasks[child]!.status)) waiting.push(child);
    for (const edge of task.dependents) {
      const dependent = state.tasks[dependentOf(edge)]!;
      if (modeOfEdge(edge) !== 'settled' && canBeSkipped(dependent) && !standsInAlready(dependent, task)) waiting.push(dependent.no);
    }
  }
  return [...found];
}

/** Whether what becomes of its dependencies still matters to it: it has not ended, nor failed and been replaced by its fallback. */
export function canBeSkipped({ status, reason }: TaskState): boolean {
  return !isTerminalTask(status) && reason !== 'WAITING_FALLBACK';
}

/** The tasks above it, nearest first, the objective last. */
export function ancestorsOf(state: JobState, no: number): number[] {
  const found: number[] = [];
  for (let parent = state.tasks[no]!.parent; parent !== null; parent = state.tasks[parent]!.parent) found.push(parent);
  return found;
}

/** Every task that has not ended. */
export function openTasks(state: JobState): number[] {
  const found: number[] = [];
  for (const task of state.tasks) if (!isTerminalTask(task.status)) found.push(task.no);
  return found;
}

/** Whether a task was skipped because another one failed: that counts against the job's success. */
export function isSkippedByFailure(task: TaskState): boolean {
  return task.status === 'SKIPPED' && task.reason === 'DEPENDENCY_FAILED';
}

/**
 * The event that ends everything open below a task that ends itself; none where nothing is open there. `ended` is a task below
 * that has ended by then.
 */
export function cancelBelow(state: JobState, task: TaskState, at: number, ended = task.no): JobEvent[] {
  if (task.openChildren === 0) return [];
  const tasks = openSubtree(state, task.no).filter((no) => no !== task.no && no !== ended);
  return tasks.length === 0
    ? []
    : [{ type: 'TASKS_CANCELLED', at, actor: 'engine', tasks, cause: { reason: 'PARENT_ENDED', by: task.no } }];
}

/** What a task's attempts have added below it, with everything below that. */
export function addedBelow(state: JobState, task: TaskState): number[] {
  const found: number[] = [];
  const waiting = task.children.filter((no) => {
    const { origin } = state.tasks[no]!;
    // What was published is not taken back.
    return origin !== 'plan' && origin !== 'external' && origin !== 'delivery';
  });
  for (let no = waiting.pop(); no !== undefined; no = waiting.pop()) {
    if (state.tasks[no]!.reason === 'SUPERSEDED') continue;
    found.push(no);
    for (const child of state.tasks[no]!.children) waiting.push(child);
  }
  return found.sort((a, b) => a - b);
}
