import { TaskloomError } from '../errors/taskloom-error.js';
import type { JobEvent, JobReopened, TasksAdded } from '../model/event.js';
import { isTerminalTask, TASK_STATUSES, type AttemptReason, type StatusReason, type TaskStatus } from '../model/task.js';
import { createTaskState, dependentOf, modeOf, modeOfEdge, NO_OUTPUT, packEdge, type JobState, type TaskState } from './job-state.js';
import { satisfactionOf } from './satisfaction.js';
import { isLegalMove } from './transitions.js';

/**
 * Applies one event. The state is changed in place; the same events always make the same state. What follows from the
 * event by the rules of the graph (a dependent becomes READY, a gate opens) is applied with it; what needs an event of its
 * own is put on `state.agenda`.
 */
export function evolve(state: JobState, event: JobEvent): void {
  state.lastSeq += 1;
  state.lastAt = event.at;
  switch (event.type) {
    case 'JOB_SUBMITTED':
      return;
    case 'TASKS_ADDED':
      return addTasks(state, event);
    case 'TASK_STARTED': {
      const task = state.tasks[event.task]!;
      if (event.attempt !== task.attempt) task.progress = 0;
      task.attempt = event.attempt;
      task.fence = event.fence;
      if (task.startedAt === 0) task.startedAt = event.at;
      if (state.startedAt === 0) state.startedAt = event.at;
      return move(state, task, 'IN_PROGRESS', null);
    }
    case 'TASK_PROGRESSED': {
      const task = state.tasks[event.task]!;
      task.progress = event.percent;
      task.noteSeq = state.lastSeq;
      state.touched.add(task.no);
      return;
    }
    case 'TASK_STEP_RECORDED':
      return;
    case 'TASK_SUSPENDED': {
      const task = state.tasks[event.task]!;
      task.rounds += 1;
      task.nextReason = event.reason === 'WAITING_CHILDREN' ? 'CHILDREN_FINISHED' : 'DEPENDENCIES_RESOLVED';
      move(state, task, 'BLOCKED', event.reason);
      task.awaited = countAwaited(state, task);
      if (task.awaited === 0) makeReady(state, task, event.at);
      return;
    }
    case 'TASK_RETRY_SCHEDULED': {
      const task = state.tasks[event.task]!;
      task.noteSeq = state.lastSeq;
      return again(state, task, 'RETRY', event.availableAt, event.at);
    }
    case 'TASK_ABANDONED': {
      const task = state.tasks[event.task]!;
      task.strikes = event.strikes;
      return again(state, task, 'RECOVERED', 0, event.at);
    }
    case 'TASK_COMPLETED': {
      const task = state.tasks[event.task]!;
      task.output =
        event.output === null ? NO_OUTPUT : event.output === 'children' ? { kind: 'children' } : { kind: 'event', seq: state.lastSeq };
      task.noteSeq = state.lastSeq;
      task.progress = 100;
      if (state.hasConditions) decideConditions(state, task, event.falseConditions);
      return end(state, task, 'COMPLETED', null, -1, event.at);
    }
    case 'TASK_FAILED': {
      const task = state.tasks[event.task]!;
      task.noteSeq = state.lastSeq;
      if (task.strategy !== 'abort') return end(state, task, 'FAILED', 'ATTEMPTS_EXHAUSTED', -1, event.at);
      // The whole job ends with it: nothing is to be set free by this end.
      close(state, task, 'FAILED', 'ATTEMPTS_EXHAUSTED', -1, event.at);
      state.agenda.push({ do: 'abort', task: task.no });
      return;
    }
    case 'TASK_SKIPPED': {
      const task = state.tasks[event.task]!;
      task.noteSeq = state.lastSeq;
      return end(state, task, 'SKIPPED', event.cause.reason, event.cause.by ?? -1, event.at);
    }
    case 'TASK_PARKED': {
      const task = state.tasks[event.task]!;
      task.noteSeq = state.lastSeq;
      task.nextReason = 'RELEASED';
      return move(state, task, 'BLOCKED', event.cause.reason);
    }
    case 'TASKS_RELEASED':
      for (const no of event.tasks) makeReady(state, state.tasks[no]!, event.at);
      return;
    case 'TASKS_FAILED':
      return endAll(state, event.tasks, 'FAILED', event.cause, event.at);
    case 'TASKS_SKIPPED':
      return endAll(state, event.tasks, 'SKIPPED', event.cause, event.at);
    case 'TASKS_CANCELLED':
      return endAll(state, event.tasks, 'CANCELLED', event.cause, event.at);
    case 'JOB_COMPLETED':
      return endJob(state, 'COMPLETED', event.success, event.at);
    case 'JOB_FAILED':
      state.noteSeq = state.lastSeq;
      return endJob(state, 'FAILED', false, event.at);
    case 'JOB_CANCELLED':
      state.noteSeq = state.lastSeq;
      return endJob(state, 'CANCELLED', false, event.at);
    case 'JOB_REOPENED':
      return reopen(state, event);
  }
}

// ── growth ────────────────────────────────────────────────────────────────────────────────────────────────────────

function addTasks(state: JobState, event: TasksAdded): void {
  const { specs } = event;
  for (const spec of specs) {
    const task = createTaskState(spec);
    state.tasks.push(task);
    state.numberOf.set(task.key, task.no);
    state.counts[STATUS_INDEX[task.status]]! += 1;
    state.touched.add(task.no);
    if (spec.origin === 'need' || spec.origin === 'spawn') state.addedTasks += 1;
    if (spec.condition) state.hasConditions = true;
  }
  for (const spec of specs) link(state, state.tasks[spec.no]!);
  for (const spec of specs) {
    const task = state.tasks[spec.no]!;
    if (!task.gateOpen && task.openDependencies === 0 && parentGateOpen(state, task)) openGate(state, task, event.at);
  }
}

function link(state: JobState, task: TaskState): void {
  if (task.parent !== null) {
    const parent = state.tasks[task.parent]!;
    parent.children.push(task.no);
    parent.openChildren += 1;
  }
  for (let index = 0; index < task.dependencies.length; index += 1) {
    const source = state.tasks[task.dependencies[index]!]!;
    const mode = modeOf(task, index);
    source.dependents.push(packEdge(task.no, mode));
    const satisfaction = satisfactionOf(mode, source.status);
    if (satisfaction !== 'satisfied') task.openDependencies += 1;
    if (satisfaction === 'unsatisfiable') state.agenda.push({ do: 'skip', task: task.no, by: source.no, reason: skipReason(source) });
  }
}

// ── moves ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const STATUS_INDEX = Object.fromEntries(TASK_STATUSES.map((status, index) => [status, index])) as Readonly<Record<TaskStatus, number>>;

function move(state: JobState, task: TaskState, to: TaskStatus, reason: StatusReason | null): void {
  const from = task.status;
  if (!isLegalMove(from, to))
    throw new TaskloomError('INTERNAL', `Task "${task.key}" cannot move from ${from} to ${to}.`, { details: { task: task.key, from, to } });
  if (from === 'READY') {
    state.delayed.delete(task.no);
    task.availableAt = 0;
  }
  state.counts[STATUS_INDEX[from]]! -= 1;
  state.counts[STATUS_INDEX[to]]! += 1;
  task.status = to;
  task.reason = reason;
  state.touched.add(task.no);
}

function makeReady(state: JobState, task: TaskState, at: number): void {
  move(state, task, 'READY', null);
  task.readyAt = at;
  offer(state, task, at);
}

function offer(state: JobState, task: TaskState, at: number): void {
  if (task.availableAt > at) state.delayed.add(task.no);
  else state.becameReady.push(task.no);
}

function again(state: JobState, task: TaskState, reason: AttemptReason, availableAt: number, at: number): void {
  task.nextReason = reason;
  task.availableAt = availableAt;
  makeReady(state, task, at);
}

/** Its own dependencies and its parent's gate let the task go: it may start, or what is below it may. */
function openGate(state: JobState, first: TaskState, at: number): void {
  const opened = [first];
  for (let task = opened.pop(); task !== undefined; task = opened.pop()) {
    task.gateOpen = true;
    if (task.status !== 'PENDING') continue;
    if (task.openChildren === 0) {
      runOrSkip(state, task, at);
      continue;
    }
    move(state, task, 'BLOCKED', 'WAITING_CHILDREN');
    for (let index = task.children.length - 1; index >= 0; index -= 1) {
      const child = state.tasks[task.children[index]!]!;
      if (!child.gateOpen && child.openDependencies === 0 && !isConditionFalse(state, child)) opened.push(child);
    }
  }
}

function parentGateOpen(state: JobState, task: TaskState): boolean {
  return task.parent === null || state.tasks[task.parent]!.gateOpen;
}

// ── ends ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Ends a task without telling those who wait for it. */
function close(state: JobState, task: TaskState, status: TaskStatus, reason: StatusReason | null, causedBy: number, at: number): void {
  move(state, task, status, reason);
  task.causedBy = causedBy;
  task.finishedAt = at;
}

function end(state: JobState, task: TaskState, status: TaskStatus, reason: StatusReason | null, causedBy: number, at: number): void {
  close(state, task, status, reason, causedBy, at);
  tell(state, task, at);
}

function endAll(
  state: JobState,
  tasks: readonly number[],
  status: TaskStatus,
  cause: { reason: StatusReason; by?: number },
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
  for (const edge of task.dependents) {
    const dependent = state.tasks[dependentOf(edge)]!;
    if (isTerminalTask(dependent.status)) continue;
    if (satisfactionOf(modeOfEdge(edge), task.status) === 'unsatisfiable') {
      state.agenda.push({ do: 'skip', task: dependent.no, by: task.no, reason: skipReason(task) });
      continue;
    }
    dependent.openDependencies -= 1;
    if (isConditionFalse(state, dependent)) state.agenda.push({ do: 'skip', task: dependent.no, by: task.no, reason: 'CONDITION_FALSE' });
    else if (dependent.openDependencies === 0 && !dependent.gateOpen && parentGateOpen(state, dependent)) openGate(state, dependent, at);
  }
  if (task.parent === null) state.agenda.push({ do: 'end-job' });
  else childEnded(state, state.tasks[task.parent]!, task, at);
}

/** Writes down what the conditions on a task's output came to, also of tasks that are skipped already: a retry asks again. */
function decideConditions(state: JobState, source: TaskState, falseOnes: readonly number[]): void {
  for (const edge of source.dependents) {
    const dependent = state.tasks[dependentOf(edge)]!;
    if (dependent.conditionOn !== source.no) continue;
    const isFalse = falseOnes.includes(dependent.no);
    if (dependent.conditionFalse === isFalse) continue;
    dependent.conditionFalse = isFalse;
    state.touched.add(dependent.no);
  }
}

/** A condition on a task that ended without an output is false. */
function isConditionFalse(state: JobState, task: TaskState): boolean {
  if (task.conditionOn < 0) return false;
  const source = state.tasks[task.conditionOn]!.status;
  return source === 'COMPLETED' || source === 'ACCEPTED' ? task.conditionFalse : isTerminalTask(source) && !task.conditionOr;
}

function childEnded(state: JobState, parent: TaskState, child: TaskState, at: number): void {
  parent.openChildren -= 1;
  if (parent.status !== 'BLOCKED') return;
  if (parent.reason === 'WAITING_DEPENDENCIES' && child.origin === 'need') {
    parent.awaited -= 1;
    if (parent.awaited === 0) makeReady(state, parent, at);
    return;
  }
  if (parent.reason !== 'WAITING_CHILDREN' || parent.openChildren > 0) return;
  runOrSkip(state, parent, at);
}

/** Nothing holds the task back any more: it may start, or is skipped where all that was to come before it was. */
function runOrSkip(state: JobState, task: TaskState, at: number): void {
  if (task.parent !== null && task.attempt === 0 && allSkipped(state, task))
    state.agenda.push({ do: 'skip', task: task.no, by: task.no, reason: 'CHILDREN_SKIPPED' });
  else makeReady(state, task, at);
}

/** Whether it has children, and all of them were skipped; those of an earlier generation do not count. */
function allSkipped(state: JobState, parent: TaskState): boolean {
  let found = false;
  for (const no of parent.children) {
    const { status, reason } = state.tasks[no]!;
    if (reason === 'SUPERSEDED') continue;
    if (status !== 'SKIPPED') return false;
    found = true;
  }
  return found;
}

function skipReason(source: TaskState): StatusReason {
  if (source.status === 'COMPLETED' || source.status === 'ACCEPTED') return 'NOT_NEEDED';
  return source.status === 'SKIPPED' && source.reason !== 'DEPENDENCY_FAILED' ? 'DEPENDENCY_SKIPPED' : 'DEPENDENCY_FAILED';
}

function endJob(state: JobState, status: 'COMPLETED' | 'FAILED' | 'CANCELLED', success: boolean, at: number): void {
  state.status = status;
  state.success = success;
  state.finishedAt = at;
  state.agenda.length = 0;
}

// ── derived counters ──────────────────────────────────────────────────────────────────────────────────────────────

/** What a suspended attempt waits for: tasks it asked for, or everything below it. */
function countAwaited(state: JobState, task: TaskState): number {
  if (task.reason === 'WAITING_CHILDREN') return task.openChildren;
  let awaited = 0;
  for (const no of task.children) {
    const child = state.tasks[no]!;
    if (child.origin === 'need' && !isTerminalTask(child.status)) awaited += 1;
  }
  return awaited;
}

/** Derives again what `evolve` keeps up: counters, gates and links. For a loaded job, and after a reopening. */
export function recount(state: JobState): void {
  state.counts.fill(0);
  state.delayed.clear();
  state.addedTasks = 0;
  for (const task of state.tasks) {
    state.counts[STATUS_INDEX[task.status]]! += 1;
    if (task.origin === 'need' || task.origin === 'spawn') state.addedTasks += 1;
    if (task.conditionOn >= 0) state.hasConditions = true;
    task.gateOpen = false;
    task.openChildren = 0;
    task.openDependencies = 0;
    for (let index = 0; index < task.dependencies.length; index += 1) {
      if (satisfactionOf(modeOf(task, index), state.tasks[task.dependencies[index]!]!.status) !== 'satisfied') task.openDependencies += 1;
    }
  }
  for (const task of state.tasks) if (task.parent !== null && !isTerminalTask(task.status)) state.tasks[task.parent]!.openChildren += 1;
  const gated = state.tasks.length > 0 ? [state.tasks[0]!] : [];
  for (let task = gated.pop(); task !== undefined; task = gated.pop()) {
    if (task.openDependencies > 0) continue;
    task.gateOpen = true;
    for (const no of task.children) gated.push(state.tasks[no]!);
  }
  for (const task of state.tasks) if (task.status === 'BLOCKED') task.awaited = countAwaited(state, task);
}

/** Links tasks that were made from rows. */
export function linkLoaded(state: JobState): void {
  for (const task of state.tasks) {
    if (task.parent !== null) state.tasks[task.parent]!.children.push(task.no);
    for (let index = 0; index < task.dependencies.length; index += 1)
      state.tasks[task.dependencies[index]!]!.dependents.push(packEdge(task.no, modeOf(task, index)));
  }
}

/** Puts every READY task of a loaded job up for dispatch again, or to sleep until its time. */
export function offerReady(state: JobState, now: number): void {
  for (const task of state.tasks) if (task.status === 'READY') offer(state, task, now);
}

/** Moves tasks whose time has come from the delayed to the ready; no event, since nothing is decided. */
export function wake(state: JobState, now: number): void {
  for (const no of state.delayed) {
    const task = state.tasks[no]!;
    if (task.availableAt > now) continue;
    // Its time has come; a clock that is set back does not take that away.
    task.availableAt = 0;
    state.delayed.delete(no);
    state.becameReady.push(no);
  }
}

// ── reopening ─────────────────────────────────────────────────────────────────────────────────────────────────────

function reopen(state: JobState, event: JobReopened): void {
  state.status = 'RUNNING';
  state.success = null;
  state.finishedAt = 0;
  state.generation += 1;
  state.noteSeq = 0;
  for (const no of event.superseded) {
    const task = state.tasks[no]!;
    task.status = 'CANCELLED';
    task.reason = 'SUPERSEDED';
    state.touched.add(no);
  }
  for (const no of event.tasks) {
    const task = state.tasks[no]!;
    task.status = 'PENDING';
    task.reason = null;
    task.causedBy = -1;
    task.generation += 1;
    task.attempt = 0;
    task.rounds = 0;
    task.availableAt = 0;
    task.startedAt = 0;
    task.finishedAt = 0;
    task.output = NO_OUTPUT;
    task.noteSeq = 0;
    task.progress = 0;
    task.nextReason = 'REOPENED';
    state.touched.add(no);
  }
  recount(state);
  for (const no of event.tasks) {
    const task = state.tasks[no]!;
    if (skipsAgain(state, task) || task.status !== 'PENDING' || !task.gateOpen) continue;
    if (task.openChildren === 0) runOrSkip(state, task, event.at);
    else move(state, task, 'BLOCKED', 'WAITING_CHILDREN');
  }
}

/** What kept its old end may still stand in the way of a reopened task: then it is skipped again, instead of waiting for ever. */
function skipsAgain(state: JobState, task: TaskState): boolean {
  for (let index = 0; index < task.dependencies.length; index += 1) {
    const source = state.tasks[task.dependencies[index]!]!;
    if (satisfactionOf(modeOf(task, index), source.status) !== 'unsatisfiable') continue;
    state.agenda.push({ do: 'skip', task: task.no, by: source.no, reason: skipReason(source) });
    return true;
  }
  if (!isConditionFalse(state, task)) return false;
  state.agenda.push({ do: 'skip', task: task.no, by: task.conditionOn, reason: 'CONDITION_FALSE' });
  return true;
}
