import { defineTopic } from '@taskloom/core';
import { TaskAgent } from '@taskloom/decorators';
import { z } from 'zod';

@TaskAgent({ name: 'says-3', publishes: [defineTopic({ name: '__proto__', payload: z.string() })] })
export class Says3 {
  execute() {
    return 1;
  }
}
