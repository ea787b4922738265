/* Checked by the compiler only: what authors may and may not write. */
import { expectTypeOf } from 'expect-type';
import { z } from 'zod';

import {
  defineAgent,
  definePubSubAgent,
  defineTopic,
  defineWorkflow,
  task,
  type AgentInputOf,
  type AgentOutputOf,
  type BatchContext,
  type PlacedTask,
  type Ref,
  type Refable,
  type Story,
  type TaskContext,
} from '../index.js';

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

    const [first, [one, story], last] = flow.steps(task(ListFiles, { root: '.' }), [task(Count, { paths: [] }), flow.story('S')], shout);
    expectTypeOf(first.out.paths).toExtend<Ref<string[]>>();
    expectTypeOf(one.out.lines).toExtend<Ref<number>>();
    expectTypeOf(story).toEqualTypeOf<Story>();
    expectTypeOf(last).toEqualTypeOf<PlacedTask<{ text: string }>>();
    const [many] = story.steps(['a', 'b'].map((path) => task(Count, { paths: [path] })));
    expectTypeOf(many).toEqualTypeOf<readonly PlacedTask<{ lines: number }>[]>();
    // @ts-expect-error the type of a step's output is kept
    flow.add(Shout, { text: one.out.lines });
    expectTypeOf(flow.steps(first, one, last).length).toEqualTypeOf<3>();
    // @ts-expect-error an agent without an input is no step
    flow.steps(ListFiles);
    // @ts-expect-error lists do not nest
    flow.steps([[first]]);

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

/* Agents that run in batches. */

const Embed = defineAgent({
  name: 'embed',
  input: z.object({ text: z.string(), model: z.string().default('small') }),
  output: z.object({ vector: z.array(z.number()) }),
  batch: { maxSize: 10, maxWait: '20ms' },
  executeBatch: (inputs, ctx) => {
    expectTypeOf(inputs).toEqualTypeOf<readonly { text: string; model: string }[]>();
    expectTypeOf(ctx).toEqualTypeOf<BatchContext>();
    return Promise.allSettled(inputs.map(async ({ text }) => ({ vector: [text.length] })));
  },
});
expectTypeOf<AgentInputOf<typeof Embed>>().toEqualTypeOf<{ text: string; model?: string | undefined }>();
expectTypeOf<AgentOutputOf<typeof Embed>>().toEqualTypeOf<{ vector: number[] }>();

defineAgent({
  name: 'bad',
  input: z.string(),
  output: z.number(),
  batch: { maxSize: 10, maxWait: 0 },
  // @ts-expect-error the output schema wants numbers
  executeBatch: (inputs) => Promise.allSettled(inputs.map(async (text) => text)),
});

// @ts-expect-error an agent runs task by task or in batches, not both
defineAgent({
  name: 'bad',
  input: z.string(),
  output: z.number(),
  batch: { maxSize: 10, maxWait: 0 },
  execute: () => 1,
  executeBatch: (inputs: readonly string[]) => Promise.allSettled(inputs.map(async () => 1)),
});

// @ts-expect-error batch without executeBatch
defineAgent({ name: 'bad', input: z.string(), output: z.number(), batch: { maxSize: 10, maxWait: 0 }, execute: () => 1 });

// @ts-expect-error executeBatch without batch
defineAgent({
  name: 'bad',
  input: z.string(),
  output: z.number(),
  executeBatch: (inputs: readonly string[]) => Promise.allSettled(inputs.map(async () => 1)),
});

// @ts-expect-error a call for many tasks has no context of one to publish with
defineAgent({
  name: 'bad',
  input: z.string(),
  output: z.number(),
  batch: { maxSize: 10, maxWait: 0 },
  publishes: [defineTopic({ name: 'any', payload: z.number() })],
  executeBatch: (inputs: readonly string[]) => Promise.allSettled(inputs.map(async () => 1)),
});

// @ts-expect-error neither
defineAgent({ name: 'bad', input: z.string(), output: z.number() });

class EmbedAll {
  async executeBatch(inputs: readonly { text: string }[], _ctx: BatchContext): Promise<PromiseSettledResult<number>[]> {
    return Promise.allSettled(inputs.map(async ({ text }) => text.length));
  }
}
expectTypeOf<AgentInputOf<typeof EmbedAll>>().toEqualTypeOf<{ text: string }>();
expectTypeOf<AgentOutputOf<typeof EmbedAll>>().toEqualTypeOf<number>();

/* Topics and the agents that they run. */

const Ordered = defineTopic({ name: 'ordered', payload: z.object({ item: z.string(), count: z.number().default(1) }) });
const Paid = defineTopic({ name: 'paid', payload: z.number() });

definePubSubAgent({
  name: 'ship',
  subscribes: [Ordered, Paid],
  publishes: [Paid],
  retry: 3,
  execute: async (message, ctx) => {
    expectTypeOf(message.topic).toEqualTypeOf<'ordered' | 'paid'>();
    expectTypeOf(message.id).toEqualTypeOf<string>();
    if (message.topic === 'ordered') expectTypeOf(message.payload).toEqualTypeOf<{ item: string; count: number }>();
    else expectTypeOf(message.payload).toEqualTypeOf<number>();
    await ctx.publish(Ordered, { item: 'a' });
    // @ts-expect-error the payload is a number
    await ctx.publish(Paid, 'a');
  },
});

definePubSubAgent({
  name: 'bad',
  subscribes: [Paid],
  // @ts-expect-error the input of a pub/sub agent is its message
  input: z.string(),
  execute: () => null,
});

/* Which failures are worth another attempt. */

const Any = { name: 'a', input: z.null(), output: z.null(), execute: () => null };
defineAgent({
  ...Any,
  retry: { maxAttempts: 3, retryOn: (error) => (expectTypeOf(error).toEqualTypeOf<unknown>(), error instanceof RangeError) },
});
// @ts-expect-error it answers at once
defineAgent({ ...Any, retry: { maxAttempts: 3, retryOn: async () => true } });
// @ts-expect-error it answers
defineAgent({ ...Any, retry: { maxAttempts: 3, retryOn: () => undefined } });
// @ts-expect-error a task has none
task('a', null).retry({ maxAttempts: 3, retryOn: () => true });

/* An instance for each task. */

const Counting = defineAgent({
  name: 'counting',
  input: z.object({ path: z.string().default('.') }),
  output: z.object({ lines: z.number() }),
  scope: 'per-task',
  create: async () => ({
    lines: 0,
    execute({ path }, ctx) {
      expectTypeOf(path).toEqualTypeOf<string>();
      expectTypeOf(ctx).toEqualTypeOf<TaskContext>();
      return { lines: path.length };
    },
    async [Symbol.asyncDispose]() {},
  }),
});
expectTypeOf<AgentInputOf<typeof Counting>>().toEqualTypeOf<{ path?: string | undefined }>();
expectTypeOf<AgentOutputOf<typeof Counting>>().toEqualTypeOf<{ lines: number }>();
const { execute: _one, ...WithoutBody } = Any;
defineAgent({ ...WithoutBody, scope: 'per-task', create: () => ({ execute: () => null, [Symbol.dispose]: () => undefined }) });
// @ts-expect-error what it makes returns what the schema does not take
defineAgent({ ...WithoutBody, scope: 'per-task', create: () => ({ execute: () => 'text' }) });
// @ts-expect-error what it makes cannot run
defineAgent({ ...WithoutBody, scope: 'per-task', create: () => ({}) });
// @ts-expect-error a factory makes an instance for each task
defineAgent({ ...WithoutBody, create: () => ({ execute: () => null }) });
// @ts-expect-error one function is not one for each task
defineAgent({ ...Any, scope: 'per-task' });
