import type { Flow } from '@taskloom/core';
import { TaskAgent, Workflow } from '@taskloom/decorators';

declare const money: unique symbol;

/** Text such as `12.50 EUR`. */
export type Money = string & { readonly [money]: true };

@TaskAgent({ name: 'pay' })
export class Pay {
  execute(input: { amount: Money; to: string }) {
    return { paid: input.amount };
  }
}

@Workflow({ name: 'settle', description: 'Pays what is due.' })
export class Settle {
  plan(flow: Flow, input: { due: Money }): void {
    flow.add(Pay, { amount: input.due, to: 'them' });
  }
}
