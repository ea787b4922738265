import type { Flow } from '@taskloom/core';
import { Workflow } from '@taskloom/decorators';

import { Echo } from './agents.js';

@Workflow({ name: 'say-twice' })
export class SayTwice {
  plan(flow: Flow, input: { text: string }) {
    const first = flow.add(Echo, { text: input.text });
    const second = flow.add(Echo, { text: first.out.echoed.text });
    return { both: [first.out.echoed.text, second.out.echoed.text] as const, last: second.out };
  }
}

@Workflow({ name: 'only-do' })
export class OnlyDo {
  plan(flow: Flow): void {
    flow.add(Echo, { text: 'x' });
  }
}
