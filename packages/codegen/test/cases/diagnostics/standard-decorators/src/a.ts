import { TaskAgent, Workflow } from '@taskloom/decorators';
import { z } from 'zod';

@TaskAgent({ name: 'a', input: z.object({}), output: z.object({}) })
export class A {
  execute() {
    return {};
  }
}
