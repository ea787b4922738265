import type { LimitKind } from '@taskloom/core';

import { registerEnum } from './register-enum.js';

export const LimitKindEnum = registerEnum<LimitKind>('LimitKind', 'What a limit counts.', {
  breaker: 'Tasks of an agent that fails too often: none, or one that tries.',
  process: 'Tasks that run in this process.',
  job: 'Tasks of a job.',
  agent: 'Tasks of an agent.',
  key: 'Tasks of an agent whose inputs have the same key.',
  limit: 'Tasks of all agents that share a named limit.',
  pool: 'Units of a named pool.',
  rate: 'Starts in a stretch of time.',
});
