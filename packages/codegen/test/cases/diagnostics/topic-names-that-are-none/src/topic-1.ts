import { defineTopic } from '@taskloom/core';
import { TaskAgent } from '@taskloom/decorators';
import { z } from 'zod';

@TaskAgent({ name: 'says-1', publishes: [defineTopic({ name: '*/ x', payload: z.string() })] })
export class Says1 {
  execute() {
    return 1;
  }
}
