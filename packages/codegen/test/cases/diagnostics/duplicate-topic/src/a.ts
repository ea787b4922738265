import { defineTopic } from '@taskloom/core';
import { PubSubAgent } from '@taskloom/decorators';
import { z } from 'zod';

const Changed = defineTopic({ name: 'changed', payload: z.object({ path: z.string() }) });

@PubSubAgent({ name: 'index', subscribes: [Changed] })
export class Index {
  execute() {}
}
