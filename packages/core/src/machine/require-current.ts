import { TaskloomError } from '../errors/taskloom-error.js';
import type { TaskState } from './job-state.js';

/** Nothing can be made to wait for what an earlier generation had added: that counts no more, and never runs again. */
export function requireCurrent(waiting: string, source: TaskState): void {
  if (source.reason !== 'SUPERSEDED') return;
  throw new TaskloomError(
    'UNKNOWN_DEPENDENCY',
    `"${waiting}" is to wait for "${source.key}", which counts no more: the task that had added it was run again.`,
    { details: { task: waiting, dependency: source.key } },
  );
}
