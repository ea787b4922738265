/* Checked by the compiler only: what authors may and may not write. */
import { expectTypeOf } from 'expect-type';
import { z } from 'zod';

import { defineAgent, defineWorkflow, task, type Ref, type Refable, type TaskContext } from '../index.js';

const ListFiles = defineAgent({
  name: 'list-files',
  input: z.object({ root: z.string(), depth: z.number().default(3) }),
  output: z.object({ paths: z.array(z.string()), note: z.string().optional() }),
  execute: (input) => {
    expectTypeOf(input).toEqualTypeOf<{ root: string; depth: number }>();
    return { paths: [input.root] };
  },
});

const Count = defineAgent({
  name: 'count',
  input: z.object({ paths: z.array(z.string()) }),
  output: z.object({ lines: z.number().int() }),
  execute: async () => ({ lines: 1 }),
});

class Shout {
  constructor(private readonly suffix: string) {}
  async execute(input: { text: string }, _ctx: TaskContext): Promise<{ text: string }> {
    return { text: input.text.toUpperCase() + this.suffix };
  }
}

defineAgent({
  name: 'bad',
  input: z.object({ a: z.string() }),
  output: z.object({ b: z.number() }),
  // @ts-expect-error the output schema wants a number
  execute: () => ({ b: 'x' }),
});

defineAgent({
  name: 'cached',
  input: z.object({ id: z.string(), depth: z.number().default(3) }),
  output: z.object({ text: z.string() }),
  cache: {
    ttl: '1h',
    key: (input) => {
      expectTypeOf(input).toEqualTypeOf<{ id: string; depth?: number | undefined }>();
      return input.id;
    },
  },
  execute: ({ id }) => ({ text: id }),
});

defineAgent({
  name: 'bad',
  input: z.object({}),
  output: z.object({}),
  // @ts-expect-error a result is not kept for ever
  cache: {},
  execute: () => ({}),
});

// @ts-expect-error an unknown option is refused
defineAgent({ name: 'bad', input: z.object({}), output: z.object({}), retries: 3, execute: () => ({}) });

defineWorkflow({
  name: 'report',
  input: z.object({ root: z.string() }),
  output: z.object({ total: z.array(z.object({ lines: z.number() })), text: z.string() }),
  plan(flow, input) {
    expectTypeOf(input).toEqualTypeOf<{ root: string }>();
    const files = flow.add(ListFiles, { root: input.root });
    expectTypeOf(files.out.paths).toExtend<Ref<string[]>>();
    const counts = flow.map(files.out.paths, { batch: 200 }, (paths) => task(Count, { paths }));
    const shout = flow.add(Shout, { text: 'x' }).after(files, 'settled');

    // @ts-expect-error `lines` is a number, `text` wants a string
    flow.add(Shout, { text: flow.add(Count, { paths: [] }).out.lines });
    // @ts-expect-error a missing property
    flow.add(ListFiles, {});
    // @ts-expect-error an optional property stays optional in its ref
    flow.add(Shout, { text: files.out.note });
    flow.add(Shout, { text: files.out.note.or('none') });
    // @ts-expect-error one item is a string, not a list
    flow.map(files.out.paths, (path) => task(Count, { paths: path }));
    flow.map(files.out.paths, (path) => task(Count, { paths: [path] }));
    shout
      .useValue({ text: 'quiet' })
      .routeTo(flow.add(Shout, { text: 'y' }))
      .deadline(new Date(0))
      .runAt('2030-01-01')
      .idleTimeout('5s');
    shout.atMostOnce().resources({ gpu: 1 }).review('manual').review({ by: 'agent', agent: Shout, maxRejections: 1 });
    // @ts-expect-error the value must be an output of the agent
    shout.useValue({ text: 1 });
    // @ts-expect-error the fallback gives something else
    shout.routeTo(flow.add(Count, { paths: [] }));
    // @ts-expect-error nobody of that name judges
    shout.review('everybody');
    // @ts-expect-error a number is not a mode
    shout.after(files, 1);

    return { total: counts.out, text: shout.out.text };
  },
});

defineWorkflow({
  name: 'wrong-output',
  input: z.object({}),
  output: z.object({ text: z.string() }),
  // @ts-expect-error the declared output wants `text` to be a string
  plan: (flow) => ({ text: flow.add(Count, { paths: [] }).out.lines }),
});

expectTypeOf<Ref<{ a: string }>>().toExtend<Refable<{ a: string; b?: number }>>();
expectTypeOf<{ a: Ref<string>; b: number[] }>().toExtend<Refable<{ a: string; b: number[] }>>();
expectTypeOf<Ref<string | undefined>>().not.toExtend<Refable<string>>();

declare module '../index.js' {
  interface AgentTypes {
    'named-agent': { input: { n: number }; output: { doubled: number } };
  }
}
