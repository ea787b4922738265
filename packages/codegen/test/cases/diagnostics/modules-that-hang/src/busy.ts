import { TaskAgent, Workflow } from '@taskloom/decorators';
import { z } from 'zod';

@TaskAgent({ name: 'busy', input: z.object({}), output: z.object({}) })
export class Busy {
  execute() {
    return {};
  }
}

for (;;);
