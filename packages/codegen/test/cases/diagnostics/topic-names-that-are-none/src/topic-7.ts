import { defineTopic } from '@taskloom/core';
import { TaskAgent } from '@taskloom/decorators';
import { z } from 'zod';

@TaskAgent({ name: 'says-7', publishes: [defineTopic({ name: '\u2028', payload: z.string() })] })
export class Says7 {
  execute() {
    return 1;
  }
}
