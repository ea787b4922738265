import type { AlertLevel } from '@taskloom/core';

import { registerEnum } from './register-enum.js';

export const AlertLevelEnum = registerEnum<AlertLevel>('AlertLevel', 'How far something is out of bounds.', {
  WARNING: 'It has passed its threshold.',
  CRITICAL: 'Twice the threshold; of a share, all there is.',
});
