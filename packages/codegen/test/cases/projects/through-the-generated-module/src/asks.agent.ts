import type { TaskContext } from '@taskloom/core';
import { TaskAgent } from '@taskloom/decorators';

/** Its output is inferred from what two other agents give, known by name only. */
@TaskAgent({ name: 'asks' })
export class Asks {
  async execute(_input: { question: string }, ctx: TaskContext) {
    const plain = await ctx.need('plain', { text: 'x' });
    const { doubled } = await ctx.need('given', { n: 1 });
    return { plain, doubled };
  }
}
