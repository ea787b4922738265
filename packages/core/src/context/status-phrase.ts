import type { TaskStatus } from '../model/task.js';

/** What is said of one task in a status, and of several. */
const PHRASES: Readonly<Record<TaskStatus, readonly [one: string, several: string]>> = {
  PENDING: ['is pending', 'are pending'],
  READY: ['is ready', 'are ready'],
  IN_PROGRESS: ['is in progress', 'are in progress'],
  BLOCKED: ['is blocked', 'are blocked'],
  COMPLETED: ['completed', 'completed'],
  FAILED: ['failed', 'failed'],
  SKIPPED: ['was skipped', 'were skipped'],
  CANCELLED: ['was cancelled', 'were cancelled'],
  ACCEPTED: ['was accepted', 'were accepted'],
  REJECTED: ['was rejected', 'were rejected'],
  DORMANT: ['is dormant', 'are dormant'],
};

/** The verb for so many tasks in a status: `failed`, `were skipped`. */
export function statusPhrase(status: TaskStatus, count: number): string {
  return PHRASES[status][count === 1 ? 0 : 1];
}
