import type { ResumeTaskOptions } from '@taskloom/core';

import { registerEnum } from './register-enum.js';

export const ResumeAsEnum = registerEnum<NonNullable<ResumeTaskOptions['as']>>('ResumeAs', 'What a parked task comes to.', {
  RERUN: 'It runs again.',
  COMPLETED: 'It counts as done, with the output given.',
  FAILED: 'It counts as failed.',
});
