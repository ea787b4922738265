import { TaskloomError } from '../errors/taskloom-error.js';
import type { JobState, TaskState } from './job-state.js';

/**
 * The task an attempt speaks for, while the attempt is the current one.
 *
 * @throws TaskloomError `LEASE_LOST` when it is not: the task has ended, was suspended, or another attempt runs.
 */
export function currentAttempt(state: JobState, command: { readonly task: number; readonly fence: number }): TaskState {
  const task = state.tasks[command.task];
  if (task?.status === 'IN_PROGRESS' && task.fence === command.fence) return task;
  throw new TaskloomError(
    'LEASE_LOST',
    task
      ? `Task "${task.key}" is ${task.status} now, so attempt ${command.fence} has no say any more.`
      : `The job has no task ${command.task}.`,
    {
      details: { task: task?.key ?? command.task, fence: command.fence },
    },
  );
}
