import type { Overlap } from '@taskloom/core';

import { registerEnum } from './register-enum.js';

export const OverlapEnum = registerEnum<Overlap>('Overlap', 'What becomes of a tick that comes while the job of the last one is open.', {
  skip: 'It starts no job (the default).',
  allow: 'It starts a job all the same.',
});
