import { defineTopic } from '@taskloom/core';
import { TaskAgent } from '@taskloom/decorators';
import { z } from 'zod';

const Changed = defineTopic({ name: 'changed', payload: z.object({ file: z.string() }) });

@TaskAgent({ name: 'watch', publishes: [Changed] })
export class Watch {
  execute() {}
}
