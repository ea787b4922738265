import { task, type Flow } from '@taskloom/core';
import { Workflow } from '@taskloom/decorators';
import { z } from 'zod';

import { ListFiles, Shout, Weigh } from './agents.js';

/**
 * Where to look.
 * @example { "root": "src", "since": "2026-01-01T00:00:00Z", "loud": true }
 */
interface Wish {
  root: string;
  /** Only what changed since. */
  since: Date;
  loud: boolean;
}

class Clock {
  now(): number {
    return 0;
  }
}

@Workflow({ name: 'inspect', description: 'Looks at a repository and says what it found.' })
export class Inspect {
  constructor(readonly clock: Clock) {}

  plan(flow: Flow, input: Wish) {
    const gather = flow.story('Gather "everything"').describedAs('Reads the files.');
    // A real Date arrives here, from the example's text.
    const files = gather.add(ListFiles, { root: `${input.root}/${input.since.getUTCFullYear()}` });
    const weights = gather.map(files.out.tree.children.or([]), () => task(Weigh, { path: 'x', unit: 'byte' as const }));
    const title = gather.concludeWith(Shout, 'gathered');
    const shout = flow.add(Shout, title).named('shout-title').when(files.out.tree.path);
    const again = flow.add(Shout, 'once more').after(shout, 'settled').after(gather);
    return { text: again.out, weights: weights.out };
  }
}

@Workflow({ name: 'pieces', input: z.object({ root: z.string().meta({ examples: ['src'] }), depth: z.number().int().default(3), note: z.string().optional() }) })
export class Pieces {
  plan(flow: Flow, input: { root: string; depth: number }) {
    for (let depth = 0; depth < input.depth; depth += 1) flow.add(ListFiles, { root: input.root, depth: depth + 1 });
  }
}

@Workflow({ name: 'unknown-example' })
export class UnknownExample {
  plan(flow: Flow, input: { root: string }) {
    return flow.add(ListFiles, { root: input.root }).out;
  }
}

@Workflow({ name: 'needs-more', description: 'Its plan needs what is injected.' })
export class NeedsMore {
  constructor(readonly clock: Clock) {}

  plan(
    flow: Flow,
    input: {
      /** @example src */
      root: string;
    },
  ) {
    return flow.add(ListFiles, { root: `${input.root}${this.clock.now()}` }).out;
  }
}
