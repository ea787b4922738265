import type { BackoffKind } from '@taskloom/core';

import { registerEnum } from './register-enum.js';

export const BackoffKindEnum = registerEnum<BackoffKind>('BackoffKind', 'How the wait before the next attempt grows.', {
  none: 'No wait.',
  fixed: 'The same wait each time.',
  linear: 'The first wait once, twice, three times …',
  exponential: 'The wait is multiplied each time.',
});
