import { isTerminalTask } from '../model/task.js';
import { noteDelivery } from './deliveries.js';
import { isConditionFalse } from './gates.js';
import { ADDED_BY_AGENTS, markFallback } from './growth.js';
import { modeOf, packEdge, type JobState, type TaskState } from './job-state.js';
import { offer, STATUS_INDEX } from './moves.js';
import { satisfactionBy } from './satisfaction.js';

/** Derives again what `evolve` keeps up: counters, gates and links. For a loaded job, and after a reopening. */
export function recount(state: JobState): void {
  state.counts.fill(0);
  state.delayed.clear();
  state.withDeadline.clear();
  state.holds.clear();
  state.addedTasks = 0;
  state.edges = 0;
  state.deliveries.clear();
  for (const task of state.tasks) {
    state.counts[STATUS_INDEX[task.status]]! += 1;
    if (ADDED_BY_AGENTS.has(task.origin)) state.addedTasks += 1;
    state.edges += task.dependencies.length;
    noteDelivery(state, task);
    if (task.conditionOn >= 0) state.hasConditions = true;
    if (task.held) state.holds.add(task.no);
    if (task.extras !== null && task.extras.deadline > 0 && !isTerminalTask(task.status)) state.withDeadline.add(task.no);
    if (task.reason === 'WAITING_TIMER' || (task.status === 'READY' && task.availableAt > 0)) state.delayed.add(task.no);
    task.gateOpen = false;
    task.openChildren = 0;
    task.openDependencies = 0;
    for (let index = 0; index < task.dependencies.length; index += 1) {
      if (satisfactionBy(modeOf(task, index), state.tasks[task.dependencies[index]!]!, task) !== 'satisfied') task.openDependencies += 1;
    }
  }
  for (const task of state.tasks) if (task.parent !== null && !isTerminalTask(task.status)) state.tasks[task.parent]!.openChildren += 1;
  openGates(state);
  for (const task of state.tasks) if (task.status === 'BLOCKED') task.awaited = countAwaited(state, task);
}

/**
 * Gates are open where the task's own dependencies, its condition and everything above it let it go, and where it has begun: what it had waited
 * for may be superseded since then, and what is below it could never run.
 */
function openGates(state: JobState): void {
  const open = state.tasks.length > 0 && state.begun ? [state.tasks[0]!] : [];
  for (let task = open.pop(); task !== undefined; task = open.pop()) {
    if (task.attempt === 0 && (task.openDependencies > 0 || isConditionFalse(state, task))) continue;
    task.gateOpen = true;
    for (const no of task.children) open.push(state.tasks[no]!);
  }
}

/** What a suspended attempt waits for: tasks it asked for and answers of people, or everything below it. */
export function countAwaited(state: JobState, task: TaskState): number {
  if (task.reason === 'WAITING_CHILDREN') return task.openChildren;
  if (task.reason !== 'WAITING_DEPENDENCIES' && task.reason !== 'WAITING_HUMAN') return 0;
  let awaited = 0;
  for (const no of task.children) {
    const child = state.tasks[no]!;
    if (child.origin === 'need' && !isTerminalTask(child.status)) awaited += 1;
  }
  for (const request of state.requests.values()) if (request.task === task.no && request.kind !== 'failure') awaited += 1;
  return awaited;
}

/** Links tasks that were made from rows. */
export function linkLoaded(state: JobState): void {
  for (const task of state.tasks) {
    markFallback(state, task);
    if (task.parent !== null) state.tasks[task.parent]!.children.push(task.no);
    for (let index = 0; index < task.dependencies.length; index += 1)
      state.tasks[task.dependencies[index]!]!.dependents.push(packEdge(task.no, modeOf(task, index)));
  }
}

/** Puts every READY task of a loaded job up for dispatch again, or to sleep until its time. */
export function offerReady(state: JobState, now: number): void {
  for (const task of state.tasks) if (task.status === 'READY') offer(state, task, now);
}

/** Moves READY tasks whose time has come from the delayed to the ready; no event, since nothing is decided. */
export function wake(state: JobState, now: number): void {
  for (const no of state.delayed) {
    const task = state.tasks[no]!;
    if (task.availableAt > now || task.status !== 'READY') continue;
    // Its time has come; a clock that is set back does not take that away.
    task.availableAt = 0;
    state.delayed.delete(no);
    state.becameReady.push(no);
  }
}
