import type { TaskContext } from '@taskloom/core';
import { TaskAgent } from '@taskloom/decorators';

/** Asks a person where an order is large. */
@TaskAgent({ name: 'approve' })
export class Approve {
  async execute(
    { customer, cents }: { customer: string; cents: number },
    ctx: TaskContext,
  ): Promise<{ approved: boolean; by: 'rule' | 'person' }> {
    if (cents < 2_000) return { approved: true, by: 'rule' };
    const { answer } = await ctx.ask('approval', { question: `May ${customer} order for ${cents / 100}?`, about: { customer, cents } });
    return { approved: answer === true, by: 'person' };
  }
}
