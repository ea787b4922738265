import { defineTopic } from '@taskloom/core';
import { TaskAgent } from '@taskloom/decorators';
import { z } from 'zod';

@TaskAgent({ name: 'says-9', publishes: [defineTopic({ name: 'ünïcödé', payload: z.string() })] })
export class Says9 {
  execute() {
    return 1;
  }
}
