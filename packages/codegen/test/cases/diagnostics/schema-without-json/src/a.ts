import { TaskAgent, Workflow } from '@taskloom/decorators';
import { z } from 'zod';

@TaskAgent({ name: 'a', input: z.object({ at: z.date() }), output: z.object({ at: z.string().transform((text) => new Date(text)) }) })
export class A {
  execute(input: { at: Date }) {
    return { at: input.at.toISOString() };
  }
}
