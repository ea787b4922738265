import type { JobStatus } from '@taskloom/core';

import { registerEnum } from './register-enum.js';

export const JobStatusEnum = registerEnum<JobStatus>('JobStatus', 'Where a job stands.', {
  AWAITING_CONFIRMATION: 'It was planned and waits for somebody to confirm it.',
  RUNNING: 'Its tasks run, or wait for something that will happen by itself.',
  PAUSED: 'An operator holds it, or a task waits for a decision. Running attempts finish, no task starts.',
  COMPLETED: 'It has ended. `success` says whether nothing in it failed.',
  FAILED: 'It has ended because a task failed and its strategy is ABORT.',
  CANCELLED: 'It was cancelled.',
});
