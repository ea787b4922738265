import type { TaskStatus } from '@taskloom/core';

import { registerEnum } from './register-enum.js';

export const TaskStatusEnum = registerEnum<TaskStatus>('TaskStatus', 'Where a task stands.', {
  PENDING: 'It waits for tasks it depends on, or for its parent.',
  READY: 'It may start as soon as there is room, not before `availableAt`.',
  IN_PROGRESS: 'An attempt of it runs.',
  BLOCKED: 'It has begun or could begin, and waits for what `blockReason` names.',
  COMPLETED: 'It has ended with an output that fits its schema.',
  FAILED: 'It has ended without a result; `error` says why.',
  SKIPPED: 'It was not run; `statusReason` says why.',
  CANCELLED: 'It was cancelled, alone or with its job.',
  ACCEPTED: 'A reviewer accepted its result.',
  REJECTED: 'A reviewer rejected its result for good.',
  DORMANT: 'A fallback that has not been needed yet.',
});
