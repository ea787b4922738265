import type { MissedTicks } from '@taskloom/core';

import { registerEnum } from './register-enum.js';

export const MissedTicksEnum = registerEnum<MissedTicks>('MissedTicks', 'What becomes of ticks that nobody was there for.', {
  once: 'One job is started for all of them (the default).',
  skip: 'No job is started for them.',
});
