import { defineAgent, defineTopic } from '@taskloom/core';
import { z } from 'zod';

export const made = defineAgent({
  name: 'made',
  input: z.string(),
  output: z.string(),
  batch: { maxSize: 2, maxWait: 0 },
  publishes: [defineTopic({ name: 'made', payload: z.string() })],
  executeBatch: async (inputs) => Promise.allSettled(inputs),
});
