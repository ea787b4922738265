import type { HumanRequestView } from '@taskloom/core';

import { registerEnum } from './register-enum.js';

export const TimeoutActionEnum = registerEnum<HumanRequestView['onTimeout']>(
  'HumanTimeoutAction',
  'What happens when nobody answers by the deadline.',
  {
    decide: 'The agent goes on and knows that nobody answered.',
    pause: 'The task waits for an operator.',
    fail: 'The task fails.',
  },
);
