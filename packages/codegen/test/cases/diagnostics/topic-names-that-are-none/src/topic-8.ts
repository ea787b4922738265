import { defineTopic } from '@taskloom/core';
import { TaskAgent } from '@taskloom/decorators';
import { z } from 'zod';

@TaskAgent({ name: 'says-8', publishes: [defineTopic({ name: '</script>', payload: z.string() })] })
export class Says8 {
  execute() {
    return 1;
  }
}
