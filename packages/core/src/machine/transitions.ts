import type { TaskStatus } from '../model/task.js';

/**
 * Every move a task may make, as data; docs/state-machine.md is this table drawn. `REOPEN` (a new generation after an
 * operator's retry) leads back to PENDING from every terminal status and is checked apart.
 */
export const TASK_MOVES: Readonly<Record<TaskStatus, readonly TaskStatus[]>> = {
  // waits for its dependencies, its parent's gate or its children
  PENDING: ['READY', 'BLOCKED', 'SKIPPED', 'CANCELLED', 'FAILED', 'COMPLETED'],
  // may start, from `availableAt`; back to PENDING when it is given another dependency before it has started
  READY: ['IN_PROGRESS', 'BLOCKED', 'PENDING', 'SKIPPED', 'CANCELLED', 'FAILED', 'COMPLETED'],
  // an attempt runs; back to READY for a retry or after the death of its process
  IN_PROGRESS: ['COMPLETED', 'FAILED', 'BLOCKED', 'SKIPPED', 'CANCELLED', 'READY'],
  // waits for something that is not a dependency of the graph; see its reason
  BLOCKED: ['READY', 'COMPLETED', 'FAILED', 'SKIPPED', 'CANCELLED', 'ACCEPTED', 'REJECTED'],
  COMPLETED: [],
  FAILED: [],
  SKIPPED: [],
  CANCELLED: [],
  ACCEPTED: [],
  REJECTED: [],
  // a fallback that is not needed yet
  DORMANT: ['PENDING', 'SKIPPED', 'CANCELLED', 'FAILED'],
};

/** Whether the table has the move. */
export function isLegalMove(from: TaskStatus, to: TaskStatus): boolean {
  return TASK_MOVES[from].includes(to);
}
