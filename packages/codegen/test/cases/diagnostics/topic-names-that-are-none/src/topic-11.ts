import { defineTopic } from '@taskloom/core';
import { TaskAgent } from '@taskloom/decorators';
import { z } from 'zod';

@TaskAgent({ name: 'says-11', publishes: [defineTopic({ name: "it's", payload: z.string() })] })
export class Says11 {
  execute() {
    return 1;
  }
}
