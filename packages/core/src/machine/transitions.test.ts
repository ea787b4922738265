import { describe, expect, it } from '@jest/globals';

import { isTerminalTask, TASK_STATUSES, type TaskStatus } from '../model/task.js';
import { isLegalMove, TASK_MOVES } from './transitions.js';

describe('the moves of a task', () => {
  // docs/state-machine.md draws this table: a change here is a change there.
  it('are these, and no others', () => {
    const moves = TASK_STATUSES.flatMap((from) => TASK_STATUSES.filter((to) => isLegalMove(from, to)).map((to) => `${from} → ${to}`));

    expect(moves).toEqual([
      'PENDING → READY',
      'PENDING → BLOCKED',
      'PENDING → COMPLETED',
      'PENDING → FAILED',
      'PENDING → SKIPPED',
      'PENDING → CANCELLED',
      'READY → PENDING',
      'READY → IN_PROGRESS',
      'READY → BLOCKED',
      'READY → COMPLETED',
      'READY → FAILED',
      'READY → SKIPPED',
      'READY → CANCELLED',
      'IN_PROGRESS → READY',
      'IN_PROGRESS → BLOCKED',
      'IN_PROGRESS → COMPLETED',
      'IN_PROGRESS → FAILED',
      'IN_PROGRESS → SKIPPED',
      'IN_PROGRESS → CANCELLED',
      'BLOCKED → READY',
      'BLOCKED → COMPLETED',
      'BLOCKED → FAILED',
      'BLOCKED → SKIPPED',
      'BLOCKED → CANCELLED',
      'BLOCKED → ACCEPTED',
      'BLOCKED → REJECTED',
      'DORMANT → PENDING',
      'DORMANT → FAILED',
      'DORMANT → SKIPPED',
      'DORMANT → CANCELLED',
    ]);
  });

  it.each(TASK_STATUSES.filter(isTerminalTask))('end at %s', (status) => {
    expect(TASK_MOVES[status]).toEqual([]);
  });

  it('let every open task be cancelled', () => {
    const stuck = TASK_STATUSES.filter((status) => !isTerminalTask(status) && !isLegalMove(status, 'CANCELLED'));

    expect(stuck).toEqual([]);
  });

  it.each<[TaskStatus, TaskStatus]>([
    ['PENDING', 'IN_PROGRESS'],
    ['BLOCKED', 'IN_PROGRESS'],
    ['COMPLETED', 'FAILED'],
    ['CANCELLED', 'COMPLETED'],
    ['FAILED', 'IN_PROGRESS'],
  ])('do not lead from %s to %s', (from, to) => {
    expect(isLegalMove(from, to)).toBe(false);
  });

  it('lead to every status there is', () => {
    const reached = new Set(Object.values(TASK_MOVES).flat());

    // DORMANT is where a fallback begins.
    expect(TASK_STATUSES.filter((status) => !reached.has(status))).toEqual(['DORMANT']);
  });
});
