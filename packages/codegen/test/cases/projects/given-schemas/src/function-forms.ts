import * as core from '@taskloom/core';
import { defineAgent } from '@taskloom/core';
import { z } from 'zod';

/** Shouts. */
export const shout = defineAgent({
  name: 'shout',
  input: z.object({ text: z.string() }),
  output: z.object({ text: z.string() }),
  retry: { maxAttempts: 2, retryOn: () => false },
  execute: (input) => ({ text: input.text.toUpperCase() }),
});

const talk = core.defineWorkflow({
  name: 'talk',
  description: 'Talks',
  input: z.object({ text: z.string() }),
  plan: (flow, input) => flow.add(shout, input).out,
});

export { talk };
