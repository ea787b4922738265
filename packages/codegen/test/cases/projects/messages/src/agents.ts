import { defineAgent, definePubSubAgent, type BatchContext, type TaskContext, type TopicMessage } from '@taskloom/core';
import { PubSubAgent, TaskAgent } from '@taskloom/decorators';
import { z } from 'zod';

import { Changed, Listed, Said, Tree } from './topics.js';

/** Runs on several topics. */
@PubSubAgent({ name: 'keep-index', subscribes: [Changed, Listed, Tree], publishes: [Said], capabilities: ['index'] })
export class KeepIndex {
  async execute(message: TopicMessage<typeof Changed | typeof Listed | typeof Tree>, ctx: TaskContext) {
    if (message.topic === 'file:changed') await ctx.publish(Said, message.payload.at.toISOString());
    return { topic: message.topic };
  }
}

/** One topic alone. */
@PubSubAgent({ name: 'say', subscribes: [Said] })
export class Say {
  execute({ payload }: { payload: string }): void {
    payload.trim();
  }
}

export const remember = definePubSubAgent({
  name: 'remember',
  description: 'Keeps what was said',
  subscribes: [Said],
  execute: ({ payload }) => payload,
});

/** Has plain types and a topic: its module is loaded for the topic alone. */
@TaskAgent({ name: 'watch', publishes: [Changed] })
export class Watch {
  async execute({ folder }: { folder: string }, ctx: TaskContext): Promise<{ watched: boolean }> {
    await ctx.publish(Changed, { path: folder, at: '2026-01-01T00:00:00Z' });
    return { watched: true };
  }
}

interface Measured {
  lines: number;
  readAt: Date;
}

/** Several tasks in one call, with plain types. */
@TaskAgent({ name: 'measure', batch: { maxSize: 10, maxWait: '20ms' } })
export class Measure {
  async executeBatch(
    inputs: readonly { path: string; since?: Date }[],
    ctx: BatchContext,
  ): Promise<readonly PromiseSettledResult<Measured>[]> {
    ctx.heartbeat();
    return Promise.allSettled(inputs.map(async ({ path }) => ({ lines: path.length, readAt: new Date() })));
  }
}

/** What it returns is not written. */
@TaskAgent({ name: 'measure-freely', batch: { maxSize: 10, maxWait: 0 } })
export class MeasureFreely {
  async executeBatch(inputs: readonly { path: string }[]) {
    return Promise.allSettled(inputs.map(async ({ path }) => ({ characters: path.length })));
  }
}

/** Its tasks result in nothing. */
@TaskAgent({ name: 'forget', batch: { maxSize: 10, maxWait: 0 } })
export class Forget {
  async executeBatch(inputs: readonly string[]) {
    return Promise.allSettled(inputs.map(async (): Promise<void> => {}));
  }
}

const Path = z.object({ path: z.string() });

export const weigh = defineAgent({
  name: 'weigh',
  input: Path,
  output: z.object({ grams: z.number() }),
  batch: { maxSize: 4, maxWait: '1s' },
  executeBatch: async (inputs) => Promise.allSettled(inputs.map(async ({ path }) => ({ grams: path.length }))),
});
