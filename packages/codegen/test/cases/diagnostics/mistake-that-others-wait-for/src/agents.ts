import { TaskAgent, Workflow } from '@taskloom/decorators';
import type { Flow, TaskContext } from '@taskloom/core';

import { first, second } from './generated/taskloom.generated.js';

/** Only this one is wrong. */
@TaskAgent({ name: 'first' })
export class First {
  execute(_input: { text: string }) {
    return { text: 'a', done: () => true };
  }
}

@TaskAgent({ name: 'second' })
export class Second {
  async execute(_input: { text: string }, ctx: TaskContext) {
    return ctx.need('first', { text: 'b' });
  }
}

@Workflow({ name: 'both' })
export class Both {
  plan(flow: Flow, input: { text: string }) {
    return { first: flow.add(first(input)).out, second: flow.add(second(input)).out };
  }
}
