import { TaskAgent, Workflow } from '@taskloom/decorators';
import { z } from 'zod';

@TaskAgent({ name: 'fine', input: z.object({}), output: z.object({}) })
export class Fine {
  execute() {
    return {};
  }
}
