import { defineTopic } from '@taskloom/core';
import { TaskAgent } from '@taskloom/decorators';
import { z } from 'zod';

@TaskAgent({ name: 'says-4', publishes: [defineTopic({ name: 'constructor', payload: z.string() })] })
export class Says4 {
  execute() {
    return 1;
  }
}
