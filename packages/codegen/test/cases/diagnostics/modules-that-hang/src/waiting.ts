import { TaskAgent, Workflow } from '@taskloom/decorators';
import { z } from 'zod';

@TaskAgent({ name: 'waiting', input: z.object({}), output: z.object({}) })
export class Waiting {
  execute() {
    return {};
  }
}

await new Promise((resolve) => setTimeout(resolve, 1e9));
