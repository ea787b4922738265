import type { StatusReason } from '@taskloom/core';

import { registerEnum } from './register-enum.js';

export const StatusReasonEnum = registerEnum<StatusReason>('StatusReason', 'Why a task is BLOCKED, SKIPPED, CANCELLED or FAILED.', {
  WAITING_DEPENDENCIES: 'BLOCKED: its agent asked for other tasks and waits for their outputs.',
  WAITING_CHILDREN: 'BLOCKED: it waits for the tasks below it.',
  WAITING_HUMAN: "BLOCKED: it waits for a person's answer.",
  WAITING_REVIEW: 'BLOCKED: its result waits for a reviewer.',
  WAITING_TIMER: 'BLOCKED: it sleeps.',
  AGENT_UNAVAILABLE: 'BLOCKED: no running process knows its agent; it goes on when one registers it.',
  MANUAL: 'BLOCKED: an operator has to decide, because running it again by itself may not be safe.',
  DEPENDENCY_FAILED: 'SKIPPED: a task it depends on did not complete.',
  DEPENDENCY_SKIPPED: 'SKIPPED: a task it depends on was skipped.',
  CONDITION_FALSE: 'SKIPPED: its condition was false.',
  AGENT_SKIPPED: 'SKIPPED: its agent found that it does not apply.',
  PARENT_SKIPPED: 'SKIPPED: the task above it was skipped.',
  CHILDREN_SKIPPED: 'SKIPPED: all tasks below it were skipped.',
  NOT_NEEDED: 'SKIPPED: it is a fallback that was not needed.',
  JOB_CANCELLED: 'CANCELLED: its job was cancelled.',
  JOB_FAILED: 'CANCELLED: its job failed.',
  PARENT_ENDED: 'CANCELLED: the task above it ended.',
  SUPERSEDED: 'CANCELLED: the task that added it runs again and will add its own.',
  ATTEMPTS_EXHAUSTED: 'FAILED: its last attempt failed.',
  CHILD_FAILED: 'FAILED: a task below it failed.',
  WAITING_FALLBACK: 'BLOCKED: it failed, and the task that stands in for it runs.',
  BY_PERSON: 'SKIPPED, CANCELLED or FAILED: a person decided so.',
  RECOVERED: 'COMPLETED: it failed, and something else stands in for its output.',
  DEADLINE_PASSED: 'FAILED: it had not ended by its deadline.',
  REVIEW_FAILED: 'REJECTED: its reviews did not accept it.',
  JOB_TIMED_OUT: 'CANCELLED: its job had not ended by its deadline.',
});
