import { defineTopic } from '@taskloom/core';
import { TaskAgent } from '@taskloom/decorators';
import { z } from 'zod';

@TaskAgent({ name: 'says-2', publishes: [defineTopic({ name: '../../x', payload: z.string() })] })
export class Says2 {
  execute() {
    return 1;
  }
}
