import type { TaskContext } from '@taskloom/core';
import { TaskAgent } from '@taskloom/decorators';

import { Rare } from './messages.js';

export interface Sighting {
  bird: string;
  at: Date;
  /** @minimum 1 @integer */
  count: number;
}

/** Finds out when a bird was last seen. */
@TaskAgent({ name: 'last-seen' })
export class LastSeen {
  execute(input: {
    sightings: Sighting[];
    /** @default any */
    bird?: string;
  }) {
    const seen = input.sightings.filter(({ bird }) => input.bird === 'any' || bird === input.bird);
    // Only a real Date can do this, and only a default that was filled in gets here without a bird.
    const latest = seen.map(({ at }) => at.getTime()).sort((a, b) => b - a)[0];
    return {
      at: latest === undefined ? null : new Date(latest),
      birds: new Set(seen.map(({ bird }) => bird)),
      total: BigInt(seen.reduce((sum, { count }) => sum + count, 0)),
    };
  }
}

/** Asks another agent, by name. */
@TaskAgent({ name: 'describe', publishes: [Rare] })
export class Describe {
  async execute(input: { since: Date; birds: string[] }, ctx: TaskContext): Promise<{ text: string; secret?: never }> {
    const { at } = await ctx.need('last-seen', { sightings: [{ bird: 'owl', at: input.since.toISOString(), count: 1 }], bird: 'owl' });
    await ctx.publish(Rare, { bird: 'kite', at: input.since.toISOString() });
    const described = { text: `${input.birds.join(', ')} since ${input.since.getUTCFullYear()}, owls until ${at}`, secret: 'left out' };
    return described as never;
  }
}
