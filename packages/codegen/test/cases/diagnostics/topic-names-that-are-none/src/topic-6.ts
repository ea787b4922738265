import { defineTopic } from '@taskloom/core';
import { TaskAgent } from '@taskloom/decorators';
import { z } from 'zod';

@TaskAgent({ name: 'says-6', publishes: [defineTopic({ name: 'a\nb', payload: z.string() })] })
export class Says6 {
  execute() {
    return 1;
  }
}
