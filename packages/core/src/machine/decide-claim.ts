import { TaskloomError } from '../errors/taskloom-error.js';
import type { Claim } from '../model/command.js';
import type { JobEvent } from '../model/event.js';
import type { JobState } from './job-state.js';

/** Starts an attempt of a READY task. Runs that go on after a suspension or a crash keep the attempt's number. */
export function decideClaim(state: JobState, command: Claim, at: number): JobEvent[] {
  const task = state.tasks[command.task];
  if (state.status !== 'RUNNING' || task?.status !== 'READY' || task.availableAt > at) {
    throw new TaskloomError(
      'ILLEGAL_MOVE',
      `Task "${task?.key ?? command.task}" cannot start: it is ${task?.status ?? 'unknown'} in a job that is ${state.status}.`,
    );
  }
  const goesOn =
    task.attempt > 0 &&
    (task.nextReason === 'DEPENDENCIES_RESOLVED' ||
      task.nextReason === 'CHILDREN_FINISHED' ||
      task.nextReason === 'RECOVERED' ||
      task.nextReason === 'RELEASED');
  return [
    { type: 'TASK_STARTED', at, actor: 'engine', task: task.no, attempt: goesOn ? task.attempt : task.attempt + 1, fence: task.fence + 1 },
  ];
}
