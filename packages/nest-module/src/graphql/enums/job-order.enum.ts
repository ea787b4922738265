import type { JobOrder } from '@taskloom/core';

import { registerEnum } from './register-enum.js';

export const JobOrderEnum = registerEnum<JobOrder>('JobOrder', 'How a list of jobs is ordered; what is equal comes newest first.', {
  NEWEST: 'Accepted last first (the default).',
  OLDEST: 'Accepted first first.',
  PRIORITY: 'Most urgent first.',
  DEADLINE: 'Earliest deadline first, those without one last.',
  FINISHED: 'Ended last first, those that have not ended last.',
});
