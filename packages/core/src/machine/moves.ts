import { TaskloomError } from '../errors/taskloom-error.js';
import { TASK_STATUSES, type AttemptReason, type StatusReason, type TaskStatus } from '../model/task.js';
import { NO_OUTPUT, type JobState, type TaskState } from './job-state.js';
import { isLegalMove } from './transitions.js';

export const STATUS_INDEX = Object.fromEntries(TASK_STATUSES.map((status, index) => [status, index])) as Readonly<
  Record<TaskStatus, number>
>;

/** Moves a task by the table. @throws TaskloomError `INTERNAL` for a move that the table does not have */
export function move(state: JobState, task: TaskState, to: TaskStatus, reason: StatusReason | null): void {
  const from = task.status;
  // Something else to wait for is no move of its own.
  if (!isLegalMove(from, to) && !(from === 'BLOCKED' && to === 'BLOCKED'))
    throw new TaskloomError('INTERNAL', `Task "${task.key}" cannot move from ${from} to ${to}.`, { details: { task: task.key, from, to } });
  if (from === 'READY' || task.reason === 'WAITING_TIMER') {
    state.delayed.delete(task.no);
    task.availableAt = 0;
  }
  state.counts[STATUS_INDEX[from]]! -= 1;
  state.counts[STATUS_INDEX[to]]! += 1;
  task.status = to;
  task.reason = reason;
  state.touched.add(task.no);
}

/** The task may start, from `availableAt`. */
export function makeReady(state: JobState, task: TaskState, at: number, availableAt = 0): void {
  move(state, task, 'READY', null);
  task.readyAt = at;
  task.availableAt = Math.max(availableAt, task.extras === null ? 0 : task.extras.runAt);
  offer(state, task, at);
}

export function offer(state: JobState, task: TaskState, at: number): void {
  if (task.availableAt > at) {
    state.delayed.add(task.no);
    return;
  }
  if (task.availableAt !== 0) {
    task.availableAt = 0;
    state.delayed.delete(task.no);
  }
  state.becameReady.push(task.no);
}

export function again(state: JobState, task: TaskState, reason: AttemptReason, availableAt: number, at: number): void {
  task.nextReason = reason;
  makeReady(state, task, at, availableAt);
}

/** What the suspended attempt waited for has come, but for its time: it goes on then. */
export function resume(state: JobState, task: TaskState, until: number, at: number): void {
  if (until <= at) return makeReady(state, task, at);
  move(state, task, 'BLOCKED', 'WAITING_TIMER');
  task.availableAt = until;
  state.delayed.add(task.no);
}

/** Begins a generation: nothing of the one before is left. */
export function beginGeneration(state: JobState, task: TaskState, reason: AttemptReason): void {
  task.generation += 1;
  task.attempt = 0;
  task.rounds = 0;
  task.availableAt = 0;
  task.startedAt = 0;
  task.finishedAt = 0;
  task.output = NO_OUTPUT;
  task.progress = 0;
  task.nextReason = reason;
  state.touched.add(task.no);
}
