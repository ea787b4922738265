import type { GraphDetail } from '@taskloom/core';

import { registerEnum } from './register-enum.js';

export const GraphDetailEnum = registerEnum<GraphDetail>('GraphDetail', "How much a picture of a job's graph says.", {
  SIMPLE: 'Names and statuses.',
  DETAILED: 'Also agents, descriptions, attempts, previews of inputs and outputs, times and a legend.',
});
