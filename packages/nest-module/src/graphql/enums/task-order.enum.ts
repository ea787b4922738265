import type { TaskOrder } from '@taskloom/core';

import { registerEnum } from './register-enum.js';

export const TaskOrderEnum = registerEnum<TaskOrder>('TaskOrder', 'How a list of tasks is ordered; what is equal comes in its place.', {
  PLACE: 'In the order they came into their job, newest job first (the default).',
  PRIORITY: 'Most urgent first.',
  RUNNING_LONGEST: 'Begun first comes first, those that have not begun last.',
  UPDATED: 'Changed last first.',
});
