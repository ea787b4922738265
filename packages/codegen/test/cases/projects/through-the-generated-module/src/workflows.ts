import type { Flow } from '@taskloom/core';
import { Workflow } from '@taskloom/decorators';

import { asks, given, half } from './generated/taskloom.generated.js';

@Workflow({ name: 'chain' })
export class Chain {
  plan(flow: Flow, input: { question: string }) {
    const asked = flow.add(asks({ question: input.question }));
    const doubled = flow.add(given({ n: asked.out.doubled }));
    const parts = flow.add(half({ text: 'ab' }));
    return { plain: asked.out.plain, doubled: doubled.out.doubled, first: parts.out.parts[0]!.or('none') };
  }
}
