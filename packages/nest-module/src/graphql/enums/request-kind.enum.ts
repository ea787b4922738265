import type { HumanRequestView } from '@taskloom/core';

import { registerEnum } from './register-enum.js';

export const RequestKindEnum = registerEnum<HumanRequestView['kind']>('HumanRequestKind', 'What a person is asked for.', {
  question: 'An answer that an agent waits for.',
  failure: 'What to do about a failed task.',
  conflict: 'What to do where results contradict each other.',
});
