import type { DependencyMode } from '@taskloom/core';

import { registerEnum } from './register-enum.js';

export const DependencyModeEnum = registerEnum<DependencyMode>(
  'DependencyMode',
  'Which end of a task satisfies a task that depends on it.',
  {
    completed: 'It completed, or was accepted (the default).',
    settled: 'It ended in any way.',
    failed: 'It failed.',
  },
);
