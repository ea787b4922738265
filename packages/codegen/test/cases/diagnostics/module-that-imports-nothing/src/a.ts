import { TaskAgent, Workflow } from '@taskloom/decorators';
import { z } from 'zod';

// @ts-expect-error it is not there
import { nothing } from './nowhere.js';

@TaskAgent({ name: 'a', input: z.object({}), output: z.object({}) })
export class A {
  execute() {
    return nothing;
  }
}
