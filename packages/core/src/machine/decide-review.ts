import { noTaskInJob } from '../errors/not-found.js';
import { TaskloomError } from '../errors/taskloom-error.js';
import type { AcceptTask, RejectTask } from '../model/command.js';
import type { JobEvent } from '../model/event.js';
import type { JobState, TaskState } from './job-state.js';
import { accept, reject } from './reviews.js';
import { cancelBelow } from './select-tasks.js';

/** A person accepts what a task came to. */
export function decideAccept(state: JobState, { task: no, actor, reason }: AcceptTask, at: number): JobEvent[] {
  const task = underReview(state, no);
  return [...cancelBelow(state, task, at), accept(no, actor, reason, at)];
}

/** A person rejects it, and says why. */
export function decideReject(state: JobState, { task: no, actor, reason }: RejectTask, at: number): JobEvent[] {
  return reject(state, underReview(state, no), reason ?? 'The output was not accepted.', actor, at);
}

function underReview(state: JobState, no: number): TaskState {
  const task = state.tasks[no];
  if (task?.status === 'BLOCKED' && task.reason === 'WAITING_REVIEW') return task;
  if (!task) throw noTaskInJob(state.id, no);
  throw new TaskloomError('ILLEGAL_MOVE', `Task "${task.key}" waits for no review: it is ${task.status}.`, {
    details: { task: task.key, status: task.status },
  });
}
