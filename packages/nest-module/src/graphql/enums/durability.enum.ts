import type { Durability } from '@taskloom/core';

import { registerEnum } from './register-enum.js';

export const DurabilityEnum = registerEnum<Durability>('Durability', 'What happens to a task whose attempt was cut off.', {
  retry: 'It runs again (the default).',
  'at-most-once': 'It waits for a person, because running it again may not be safe.',
});
