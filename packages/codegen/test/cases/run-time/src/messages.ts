import { defineTopic, type BatchContext, type TopicMessage } from '@taskloom/core';
import { PubSubAgent, TaskAgent } from '@taskloom/decorators';
import { z } from 'zod';

export const Rare = defineTopic({
  name: 'rare',
  payload: z.object({ bird: z.string(), at: z.iso.datetime().transform((text) => new Date(text)) }),
});

/** Is run by messages alone. */
@PubSubAgent({ name: 'note-rare', subscribes: [Rare] })
export class NoteRare {
  readonly notes: string[] = [];

  execute({ payload }: TopicMessage<typeof Rare>) {
    this.notes.push(`${payload.bird} in ${payload.at.getUTCFullYear()}`);
    return this.notes.length;
  }
}

/** Several in one call, with types alone. */
@TaskAgent({ name: 'weigh', batch: { maxSize: 3, maxWait: '10s' } })
export class Weigh {
  calls = 0;

  async executeBatch(
    inputs: readonly { bird: string; hatchedAt: Date }[],
    { items }: BatchContext,
  ): Promise<readonly PromiseSettledResult<{ weighedTogether: number; age: bigint }>[]> {
    this.calls += 1;
    return Promise.allSettled(
      inputs.map(async ({ bird, hatchedAt }) => {
        if (bird === 'emu') throw new Error('too heavy');
        return { weighedTogether: items.length, age: BigInt(2026 - hatchedAt.getUTCFullYear()) };
      }),
    );
  }
}
