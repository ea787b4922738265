import type { HumanRequestView } from '@taskloom/core';

import { registerEnum } from './register-enum.js';

export const RequestStatusEnum = registerEnum<HumanRequestView['status']>('HumanRequestStatus', 'Where a question to a person stands.', {
  OPEN: 'It waits for an answer.',
  ANSWERED: 'It has been answered.',
  EXPIRED: 'Nobody answered by its deadline.',
  WITHDRAWN: 'Its answer is not needed any more.',
});
