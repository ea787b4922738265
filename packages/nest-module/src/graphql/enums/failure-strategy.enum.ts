import type { FailureStrategy } from '@taskloom/core';

import { registerEnum } from './register-enum.js';

export const FailureStrategyEnum = registerEnum<FailureStrategy>(
  'FailureStrategy',
  "What a task's final failure does to the rest of its job.",
  {
    abort: 'The job fails, what runs is stopped and the rest is cancelled (the default).',
    skip: 'Tasks that depend on it are skipped; the rest goes on.',
    continue: 'Tasks that depend on it run without its output.',
    ask: 'The job pauses until a person decides: retry, skip, abort, or a value.',
  },
);
