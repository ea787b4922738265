import { runAtOnce, type Steps } from '../kernel/steps.js';
import type { JobEvent, TaskCompleted, TaskRejected, TaskRerouted } from '../model/event.js';
import type { StatusReason } from '../model/task.js';
import { cascadeError } from './cascade.js';
import { addSpent } from './costs.js';
import { close, decideConditions, end, endAll, endJob, satisfyOne, somethingCame } from './ends.js';
import { openGate } from './gates.js';
import { addDependency, addTasks } from './growth.js';
import { dependentOf, modeOfEdge, NO_OUTPUT, type JobState, type TaskState } from './job-state.js';
import { again, beginGeneration, makeReady, move, resume } from './moves.js';
import { countAwaited, recount } from './recount.js';
import { reopenTasks, startPending, supersede } from './reopening.js';
import { addRequest, closeRequest, giveHold, letWait, reofferAll } from './requests.js';

/** The same in steps, for a state that nobody else sees yet: an event that adds many tasks takes long. */
export function* evolveInSteps(state: JobState, event: JobEvent): Steps<void> {
  if (event.type !== 'TASKS_ADDED') return evolve(state, event);
  count(state, event);
  yield* addTasks(state, event);
}

function count(state: JobState, { at }: JobEvent): void {
  state.lastSeq += 1;
  state.lastAt = at;
}

/**
 * Applies one event. The state is changed in place; the same events always make the same state. What follows from the
 * event by the rules of the graph (a dependent becomes READY, a gate opens) is applied with it; what needs an event of its
 * own is put on `state.agenda`.
 */
export function evolve(state: JobState, event: JobEvent): void {
  count(state, event);
  if (event.spent !== undefined) addSpent(state, event.spent);
  switch (event.type) {
    case 'JOB_SUBMITTED':
      state.begun = event.waitsFor === null;
      if (event.waitsFor === 'confirmation') state.status = 'AWAITING_CONFIRMATION';
      return;
    case 'JOB_CONFIRMED':
      state.status = 'RUNNING';
      return event.waitsFor === null ? begin(state, event.at) : undefined;
    case 'JOB_STARTED':
      return begin(state, event.at);
    case 'JOB_RECOVERED':
    case 'TASK_STEP_RECORDED':
    case 'TASK_STREAMED':
    case 'TASK_OVERDUE':
      return;
    case 'TASKS_ADDED':
      return runAtOnce(addTasks(state, event));
    case 'DEPENDENCY_ADDED':
      return addDependency(state, event);
    case 'TASK_STARTED': {
      const task = state.tasks[event.task]!;
      if (event.attempt !== task.attempt) task.progress = 0;
      task.attempt = event.attempt;
      task.fence = event.fence;
      task.gateOpen = true;
      if (task.startedAt === 0) task.startedAt = event.at;
      if (state.startedAt === 0) state.startedAt = event.at;
      return move(state, task, 'IN_PROGRESS', null);
    }
    case 'TASK_PROGRESSED': {
      const task = noted(state, event.task);
      task.progress = event.percent;
      state.touched.add(task.no);
      return;
    }
    case 'TASK_SUSPENDED': {
      const task = state.tasks[event.task]!;
      task.rounds += 1;
      task.nextReason = NEXT_AFTER[event.reason];
      move(state, task, 'BLOCKED', event.reason);
      task.availableAt = event.until;
      task.awaited = countAwaited(state, task);
      if (task.awaited === 0) resume(state, task, event.until, event.at);
      return;
    }
    case 'TASK_RETRY_SCHEDULED': {
      const task = noted(state, event.task);
      // What was rejected is not taken for what the next attempt comes to.
      task.output = NO_OUTPUT;
      return again(state, task, 'RETRY', event.availableAt, event.at);
    }
    case 'TASK_ABANDONED': {
      const task = state.tasks[event.task]!;
      task.strikes = event.strikes;
      return again(state, task, 'RECOVERED', 0, event.at);
    }
    case 'TASK_COMPLETED':
      return complete(state, event);
    case 'TASK_RETURNED': {
      const task = noted(state, event.task);
      task.output = event.output === null ? NO_OUTPUT : { kind: 'event', seq: state.lastSeq };
      if (state.hasConditions) decideConditions(state, task, event.falseConditions);
      return move(state, task, 'BLOCKED', event.reason);
    }
    case 'TASK_REVIEW_REQUESTED':
      return move(state, state.tasks[event.task]!, 'BLOCKED', 'WAITING_REVIEW');
    case 'TASK_ACCEPTED': {
      const task = state.tasks[event.task]!;
      task.progress = 100;
      return end(state, task, 'ACCEPTED', null, -1, event.at);
    }
    case 'TASK_REJECTED':
      return reject(state, event);
    case 'TASK_REROUTED':
      return reroute(state, event);
    case 'TASK_FAILED': {
      const task = noted(state, event.task);
      const reason = event.reason ?? 'ATTEMPTS_EXHAUSTED';
      if (task.strategy !== 'abort' && event.strategy !== 'abort') return end(state, task, 'FAILED', reason, -1, event.at);
      // The whole job ends with it: nothing is to be set free by this end, or skipped because of what ended below it.
      close(state, task, 'FAILED', reason, -1, event.at);
      state.agenda.unshift({ do: 'abort', task: task.no, error: event.cascade ? cascadeError(state, event) : event.error });
      return;
    }
    case 'TASK_SKIPPED':
      return end(state, noted(state, event.task), 'SKIPPED', event.cause.reason, event.cause.by ?? -1, event.at);
    case 'TASK_PARKED': {
      const task = noted(state, event.task);
      task.nextReason = 'RELEASED';
      // What it had waited for before is no matter any more.
      task.awaited = 0;
      return move(state, task, 'BLOCKED', event.cause.reason);
    }
    case 'TASKS_RELEASED':
      for (const no of event.tasks) release(state, state.tasks[no]!, event.at);
      return;
    case 'TASKS_FAILED':
      return endAll(state, event.tasks, 'FAILED', event.cause, event.at);
    case 'TASKS_SKIPPED':
      return endAll(state, event.tasks, 'SKIPPED', event.cause, event.at);
    case 'TASKS_CANCELLED':
      return endAll(state, event.tasks, 'CANCELLED', event.cause, event.at);
    case 'HUMAN_REQUESTED':
      return addRequest(state, event);
    case 'HUMAN_ANSWERED': {
      const request = closeRequest(state, event.request);
      const task = state.tasks[event.task]!;
      if (request.kind === 'failure') return;
      task.nextReason = 'ANSWERED';
      return somethingCame(state, task, event.at);
    }
    case 'HUMAN_EXPIRED': {
      if (event.action === 'pause') return letWait(state, event.request);
      closeRequest(state, event.request);
      const task = state.tasks[event.task]!;
      task.nextReason = 'ANSWERED';
      return somethingCame(state, task, event.at);
    }
    case 'HUMAN_WITHDRAWN':
      for (const request of event.requests) closeRequest(state, request);
      return;
    case 'HOLD_PLACED': {
      const task = state.tasks[event.task]!;
      task.held = true;
      state.holds.add(task.no);
      state.touched.add(task.no);
      if (task.no === 0) giveHold(state, event.request ?? null);
      return;
    }
    case 'HOLD_LIFTED': {
      const task = state.tasks[event.task]!;
      if (task.no === 0) giveHold(state, null);
      task.held = false;
      state.holds.delete(task.no);
      state.touched.add(task.no);
      return reofferAll(state);
    }
    case 'JOB_COMPLETED':
      return endJob(state, 'COMPLETED', event.success, event.at);
    case 'JOB_FAILED':
      state.noteSeq = state.lastSeq;
      return endJob(state, 'FAILED', false, event.at);
    case 'JOB_CANCELLED':
      state.noteSeq = state.lastSeq;
      return endJob(state, 'CANCELLED', false, event.at);
    case 'JOB_REOPENED':
      state.status = 'RUNNING';
      state.begun = true;
      state.success = null;
      state.finishedAt = 0;
      state.generation += 1;
      state.noteSeq = 0;
      return reopenTasks(state, event.tasks, event.superseded, event.at);
    case 'TASKS_REOPENED':
      return reopenTasks(state, event.tasks, event.superseded, event.at);
  }
}

const NEXT_AFTER = {
  WAITING_CHILDREN: 'CHILDREN_FINISHED',
  WAITING_DEPENDENCIES: 'DEPENDENCIES_RESOLVED',
  WAITING_HUMAN: 'ANSWERED',
  WAITING_TIMER: 'SLEPT',
} as const;

/** The task, which from now on shows this event where it says why it stands where it stands. */
function noted(state: JobState, no: number): TaskState {
  const task = state.tasks[no]!;
  task.noteSeq = state.lastSeq;
  return task;
}

function begin(state: JobState, at: number): void {
  state.begun = true;
  const objective = state.tasks[0]!;
  if (objective.openDependencies === 0) openGate(state, objective, at);
}

function complete(state: JobState, event: TaskCompleted): void {
  const task = state.tasks[event.task]!;
  const { output } = event;
  if (output !== 'kept') task.output = locate(output, state.lastSeq);
  // What stood in has a note of its own; this task's stays the one that tells why it was needed.
  const isStoodInFor = typeof output === 'number';
  if (output !== 'kept' && !isStoodInFor) task.noteSeq = state.lastSeq;
  task.progress = 100;
  if (state.hasConditions && output !== 'kept' && !isStoodInFor) decideConditions(state, task, event.falseConditions);
  const reason: StatusReason | null = isStoodInFor || event.recovered ? 'RECOVERED' : null;
  end(state, task, 'COMPLETED', reason, isStoodInFor ? output : -1, event.at);
}

function locate(output: Exclude<TaskCompleted['output'], 'kept'>, seq: number): TaskState['output'] {
  if (output === null) return NO_OUTPUT;
  if (output === 'children') return { kind: 'children' };
  return typeof output === 'number' ? { kind: 'task', no: output } : { kind: 'event', seq };
}

function reject(state: JobState, event: TaskRejected): void {
  const task = noted(state, event.task);
  task.rejections = event.rejections;
  task.feedbackSeq = state.lastSeq;
  if (!event.final) {
    supersede(state, event.superseded);
    beginGeneration(state, task, 'REJECTED');
    recount(state);
    startPending(state, event.at);
    if (task.openChildren > 0) return move(state, task, 'BLOCKED', 'WAITING_CHILDREN');
    return makeReady(state, task, event.at);
  }
  if (task.strategy === 'skip' || task.strategy === 'continue') return end(state, task, 'REJECTED', 'REVIEW_FAILED', -1, event.at);
  close(state, task, 'REJECTED', 'REVIEW_FAILED', -1, event.at);
  state.agenda.unshift({ do: 'abort', task: task.no, error: { code: 'TASK_REJECTED', message: event.message } });
}

/** The fallback wakes up: for it, the task has failed; everybody else waits for what the fallback comes to. */
function reroute(state: JobState, event: TaskRerouted): void {
  const task = noted(state, event.task);
  move(state, task, 'BLOCKED', 'WAITING_FALLBACK');
  const fallback = state.tasks[event.to]!;
  move(state, fallback, 'PENDING', null);
  for (const edge of task.dependents)
    if (dependentOf(edge) === fallback.no && modeOfEdge(edge) === 'failed') satisfyOne(state, fallback, task, event.at);
}

function release(state: JobState, task: TaskState, at: number): void {
  // A person, or new code, has looked at it.
  if (task.reason === 'MANUAL') task.strikes = 0;
  makeReady(state, task, at);
}
