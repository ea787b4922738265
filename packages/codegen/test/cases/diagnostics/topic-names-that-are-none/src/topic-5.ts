import { defineTopic } from '@taskloom/core';
import { TaskAgent } from '@taskloom/decorators';
import { z } from 'zod';

@TaskAgent({ name: 'says-5', publishes: [defineTopic({ name: '`${1}`', payload: z.string() })] })
export class Says5 {
  execute() {
    return 1;
  }
}
