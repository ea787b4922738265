import { defineTopic, type TaskContext, type TopicMessage } from '@taskloom/core';
import { PubSubAgent, TaskAgent } from '@taskloom/decorators';
import { z } from 'zod';

export const Changed = defineTopic({
  name: 'file:changed',
  description: 'A file is not what it was | <b>now</b>.',
  payload: z.object({ path: z.string().min(1).describe('Where it lies.'), how: z.enum(['added', 'removed']) }),
});

export const Said = defineTopic({ name: 'said', payload: z.string().max(80) });

/** Tells what changes. */
@TaskAgent({ name: 'watch', publishes: [Changed] })
export class Watch {
  async execute({ folder }: { folder: string }, ctx: TaskContext): Promise<void> {
    await ctx.publish(Changed, { path: folder, how: 'added' });
  }
}

/** Keeps an index of what there is. */
@PubSubAgent({ name: 'keep-index', subscribes: [Changed, Said], publishes: [Said] })
export class KeepIndex {
  async execute(message: TopicMessage<typeof Changed | typeof Said>, ctx: TaskContext): Promise<void> {
    if (message.topic === 'file:changed') await ctx.publish(Said, message.payload.path);
  }
}
