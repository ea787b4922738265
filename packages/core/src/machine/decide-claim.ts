import { TaskloomError } from '../errors/taskloom-error.js';
import type { Claim } from '../model/command.js';
import type { JobEvent } from '../model/event.js';
import type { AttemptReason } from '../model/task.js';
import { isHeld, type JobState } from './job-state.js';

/** Runs that go on with the attempt that was interrupted; all others are attempts of their own. */
const GOES_ON: ReadonlySet<AttemptReason> = new Set([
  'DEPENDENCIES_RESOLVED',
  'CHILDREN_FINISHED',
  'RECOVERED',
  'RELEASED',
  'ANSWERED',
  'SLEPT',
]);

/** Starts an attempt of a READY task. Runs that go on after a suspension or a crash keep the attempt's number. */
export function decideClaim(state: JobState, command: Claim, at: number): JobEvent[] {
  const task = state.tasks[command.task];
  if (state.status !== 'RUNNING' || task?.status !== 'READY' || task.availableAt > at || isHeld(state, task.no)) {
    throw new TaskloomError(
      'ILLEGAL_MOVE',
      `Task "${task?.key ?? command.task}" cannot start: it is ${task?.status ?? 'unknown'} in a job that is ${state.status}.`,
    );
  }
  const attempt = task.attempt > 0 && GOES_ON.has(task.nextReason) ? task.attempt : task.attempt + 1;
  return [{ type: 'TASK_STARTED', at, actor: 'engine', task: task.no, attempt, fence: task.fence + 1 }];
}
