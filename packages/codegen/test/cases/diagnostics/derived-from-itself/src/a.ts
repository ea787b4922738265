import type { TaskContext } from '@taskloom/core';
import { TaskAgent, Workflow } from '@taskloom/decorators';

@TaskAgent({ name: 'hen' })
export class Hen {
  async execute(_input: { day: number }, ctx: TaskContext) {
    return { from: await ctx.need('egg', { day: 1 }) };
  }
}

@TaskAgent({ name: 'egg' })
export class Egg {
  async execute(_input: { day: number }, ctx: TaskContext) {
    return { from: await ctx.need('hen', { day: 1 }) };
  }
}
