import type { AlertKind } from '@taskloom/core';

import { registerEnum } from './register-enum.js';

export const AlertKindEnum = registerEnum<AlertKind>('AlertKind', 'What is watched over.', {
  TASK_DURATION: 'How long an attempt runs.',
  RESOURCE_USAGE: 'Which share of a pool is taken.',
  DEPENDENCY_WAIT: 'How long a task has waited for its dependencies without any of them ending.',
  FAILURE_RATE: "Which share of an agent's tasks failed of late.",
});
