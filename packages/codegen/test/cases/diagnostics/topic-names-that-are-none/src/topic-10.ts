import { defineTopic } from '@taskloom/core';
import { TaskAgent } from '@taskloom/decorators';
import { z } from 'zod';

@TaskAgent({ name: 'says-10', publishes: [defineTopic({ name: '', payload: z.string() })] })
export class Says10 {
  execute() {
    return 1;
  }
}
