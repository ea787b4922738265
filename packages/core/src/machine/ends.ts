import { isTerminalTask, type StatusReason, type TaskStatus } from '../model/task.js';
import { isConditionFalse, mayOpen, openGate, parentGateOpen, runOrSkip, skipReason } from './gates.js';
import { dependentOf, modeOfEdge, NO_OUTPUT, type JobState, type TaskState } from './job-state.js';
import { move, resume } from './moves.js';
import { satisfactionOf, standsInAlready } from './satisfaction.js';

/** Ends a task without telling those who wait for it. */
export function close(
  state: JobState,
  task: TaskState,
  status: TaskStatus,
  reason: StatusReason | null,
  causedBy: number,
  at: number,
): void {
  move(state, task, status, reason);
  task.causedBy = causedBy;
  // What was returned and did not come to count is nobody's input.
  if (status !== 'COMPLETED' && status !== 'ACCEPTED') task.output = NO_OUTPUT;
  task.finishedAt = at;
  if (state.withDeadline.size > 0) state.withDeadline.delete(task.no);
  if (state.requests.size > 0) state.agenda.push({ do: 'withdraw', task: task.no });
}

export function end(state: JobState, task: TaskState, status: TaskStatus, reason: StatusReason | null, causedBy: number, at: number): void {
  close(state, task, status, reason, causedBy, at);
  tell(state, task, at);
}

export function endAll(
  state: JobState,
  tasks: readonly number[],
  status: TaskStatus,
  cause: { readonly reason: StatusReason; readonly by?: number },
  at: number,
): void {
  // In the order in which they are stored, so that the log folds to the same state.
  const ordered = tasks.toSorted((a, b) => a - b);
  for (const no of ordered) {
    const task = state.tasks[no]!;
    close(state, task, status, cause.reason, cause.by ?? -1, at);
    task.noteSeq = state.lastSeq;
  }
  for (const no of ordered) tell(state, state.tasks[no]!, at);
}

/** Tells dependents and the parent that a task has ended. */
function tell(state: JobState, task: TaskState, at: number): void {
  task.dependents.forEach((edge) => tellDependent(state, edge, task, at));
  if (task.fallbackOf >= 0 && state.tasks[task.fallbackOf]!.reason === 'WAITING_FALLBACK')
    state.agenda.push({ do: 'take-fallback', task: task.fallbackOf, by: task.no });
  if (task.parent === null) state.agenda.push({ do: 'end-job' });
  else childEnded(state, state.tasks[task.parent]!, task, at);
}

function tellDependent(state: JobState, edge: number, task: TaskState, at: number): void {
  const dependent = state.tasks[dependentOf(edge)]!;
  if (isTerminalTask(dependent.status)) return;
  const mode = modeOfEdge(edge);
  if (mode === 'failed' && dependent.fallbackOf === task.no) {
    if (!standsInAlready(dependent, task)) state.agenda.push({ do: 'skip', task: dependent.no, by: task.no, reason: 'NOT_NEEDED' });
    return;
  }
  if (satisfactionOf(mode, task.status) === 'unsatisfiable')
    state.agenda.push({ do: 'skip', task: dependent.no, by: task.no, reason: skipReason(task) });
  else satisfyOne(state, dependent, task, at);
}

/** One dependency of the task has come. */
export function satisfyOne(state: JobState, dependent: TaskState, source: TaskState, at: number): void {
  dependent.openDependencies -= 1;
  if (isConditionFalse(state, dependent)) state.agenda.push({ do: 'skip', task: dependent.no, by: source.no, reason: 'CONDITION_FALSE' });
  else if (mayOpen(dependent) && parentGateOpen(state, dependent)) openGate(state, dependent, at);
}

function childEnded(state: JobState, parent: TaskState, child: TaskState, at: number): void {
  parent.openChildren -= 1;
  if (parent.status !== 'BLOCKED') return;
  if (child.origin === 'need' && isSuspended(parent)) return somethingCame(state, parent, at);
  if (parent.reason !== 'WAITING_CHILDREN' || parent.openChildren > 0) return;
  if (parent.output.kind === 'none') runOrSkip(state, parent, at);
  else state.agenda.push({ do: 'finish', task: parent.no });
}

/** Whether an attempt of it ended in order to wait. */
function isSuspended({ reason }: TaskState): boolean {
  return reason === 'WAITING_DEPENDENCIES' || reason === 'WAITING_HUMAN' || reason === 'WAITING_TIMER';
}

/** One of the things that a suspended attempt waits for has come. */
export function somethingCame(state: JobState, task: TaskState, at: number): void {
  if (task.awaited === 0) return;
  task.awaited -= 1;
  if (task.awaited === 0) resume(state, task, task.availableAt, at);
}

/** Writes down what the conditions on a task's output came to, also of tasks that are skipped already: a retry asks again. */
export function decideConditions(state: JobState, source: TaskState, falseOnes: readonly number[]): void {
  if (source.fallbackOf >= 0) decideConditions(state, state.tasks[source.fallbackOf]!, falseOnes);
  for (const edge of source.dependents) {
    const dependent = state.tasks[dependentOf(edge)]!;
    if (dependent.conditionOn !== source.no) continue;
    const isFalse = falseOnes.includes(dependent.no);
    if (dependent.conditionFalse === isFalse) continue;
    dependent.conditionFalse = isFalse;
    state.touched.add(dependent.no);
  }
}

export function endJob(state: JobState, status: 'COMPLETED' | 'FAILED' | 'CANCELLED', success: boolean, at: number): void {
  state.status = status;
  state.success = success;
  state.finishedAt = at;
  state.agenda.length = 0;
  state.withDeadline.clear();
}
