/* Checked by the compiler only: which classes the decorators accept, and what follows for flows. */
import {
  defineTopic,
  type AgentOptions,
  type BatchBody,
  type BatchContext,
  type Flow,
  type PubSubAgentOptions,
  type Ref,
  type TaskContext,
  type TopicMessage,
  type WorkflowOptions,
} from '@taskloom/core';
import { expectTypeOf } from 'expect-type';
import { z } from 'zod';

import { PubSubAgent, TaskAgent, Workflow, type TaskAgentOptions, type WorkflowDecoratorOptions } from './index.js';

const Path = z.object({ path: z.string() });
const Summary = z.object({ summary: z.string(), lines: z.number().int() });

// --- what fits -------------------------------------------------------------------------------------------------------

@TaskAgent({
  name: 'summarise-file',
  description: 'Summarises one source file',
  version: '1',
  input: Path,
  output: Summary,
  capabilities: ['read-files'],
  retry: { maxAttempts: 3, backoff: 'exponential' },
  timeout: '30s',
  concurrency: 8,
})
export class SummariseFile {
  constructor(private readonly files: { read(path: string): string }) {}

  async execute(input: { path: string }, ctx: TaskContext): Promise<{ summary: string; lines: number }> {
    ctx.signal.throwIfAborted();
    return { summary: this.files.read(input.path), lines: 1 };
  }
}

@TaskAgent({
  name: 'careful',
  input: Path,
  output: Summary,
  durability: 'at-most-once',
  review: (output, input) => {
    expectTypeOf(output).toEqualTypeOf<{ summary: string; lines: number }>();
    expectTypeOf(input).toEqualTypeOf<{ path: string }>();
    return output.lines > 0 || 'no lines';
  },
  onTimeout: ({ attempt }) => (attempt > 1 ? 'terminate-job' : 'go-on'),
})
export class Careful {
  execute(input: { path: string }) {
    return { summary: input.path, lines: 1 };
  }
}

@TaskAgent({ name: 'synchronous', input: Path, output: Summary })
export class Synchronous {
  execute(input: { path: string }) {
    return { summary: input.path, lines: 1 };
  }
}

@TaskAgent({ name: 'sometimes-a-promise', input: Path, output: Summary })
export class SometimesAPromise {
  execute(input: { path: string }): z.input<typeof Summary> | Promise<z.input<typeof Summary>> {
    return { summary: input.path, lines: 1 };
  }
}

@TaskAgent({ name: 'ignores-its-input', input: Path, output: Summary })
export class IgnoresItsInput {
  execute() {
    return { summary: '', lines: 0 };
  }
}

@TaskAgent({ name: 'takes-more-than-it-gets', input: Path, output: Summary })
export class TakesMoreThanItGets {
  execute(input: { path: string | null; depth?: number }) {
    return { summary: input.path ?? '', lines: input.depth ?? 0 };
  }
}

abstract class Base {
  execute(input: { path: string }) {
    return { summary: input.path, lines: 1 };
  }
}

@TaskAgent({ name: 'inherits-execute', input: Path, output: Summary })
export class InheritsExecute extends Base {}

/** `execute` sees the parsed side of the input schema: the default is filled in, the text has become a number. */
@TaskAgent({
  name: 'parsed-input',
  input: z.object({ depth: z.number().default(3), count: z.string().transform(Number) }),
  output: z.unknown(),
})
export class ParsedInput {
  execute(input: { depth: number; count: number }) {
    return { depth: input.depth + input.count };
  }
}

/** What `execute` returns is the input side of the output schema: a default may be left out. */
@TaskAgent({ name: 'output-with-default', input: z.object({}), output: z.object({ note: z.string().default('none') }) })
export class OutputWithDefault {
  execute() {
    return {};
  }
}

@TaskAgent({
  name: 'optional-properties',
  input: z.object({ note: z.string().optional() }),
  output: z.object({ note: z.string().optional() }),
})
export class OptionalProperties {
  execute(input: { note?: string | undefined }): { note?: string } {
    return input.note === undefined ? {} : { note: input.note };
  }
}

/** Without schemas nothing is compared; the generator derives them from these types. */
@TaskAgent({ name: 'no-schemas' })
export class NoSchemas {
  async execute(input: { path: string; depth?: number }): Promise<{ found: readonly string[] }> {
    return { found: [input.path] };
  }
}

// --- what does not ---------------------------------------------------------------------------------------------------

// @ts-expect-error `path` is a string in the schema
@TaskAgent({ name: 'wrong-input', input: Path, output: Summary })
export class WrongInput {
  execute(input: { path: number }) {
    return { summary: String(input.path), lines: 1 };
  }
}

// @ts-expect-error the schema has no `depth`. A method would pass here if the constraint were one: `{ path }` is assignable one way
@TaskAgent({ name: 'narrower-input', input: Path, output: Summary })
export class NarrowerInput {
  execute(input: { path: string; depth: number }) {
    return { summary: input.path, lines: input.depth };
  }
}

// @ts-expect-error only one kind of what the schema lets through is handled
@TaskAgent({
  name: 'half-a-union',
  input: z.union([z.object({ kind: z.literal('a') }), z.object({ kind: z.literal('b') })]),
  output: z.unknown(),
})
export class HalfAUnion {
  execute(input: { kind: 'a' }) {
    return { kind: input.kind };
  }
}

// @ts-expect-error `note` may be absent
@TaskAgent({ name: 'optional-taken-as-present', input: z.object({ note: z.string().optional() }), output: z.unknown() })
export class OptionalTakenAsPresent {
  execute(input: { note: string }) {
    return { note: input.note };
  }
}

// @ts-expect-error `execute` gets the number that the transform made, not the text
@TaskAgent({ name: 'unparsed-input', input: z.object({ count: z.string().transform(Number) }), output: z.unknown() })
export class UnparsedInput {
  execute(input: { count: string }) {
    return { count: input.count };
  }
}

// @ts-expect-error `lines` is a number in the schema
@TaskAgent({ name: 'wrong-output', input: Path, output: Summary })
export class WrongOutput {
  execute() {
    return { summary: '', lines: 'many' };
  }
}

// @ts-expect-error `lines` is missing in what the promise holds
@TaskAgent({ name: 'wrong-promised-output', input: Path, output: Summary })
export class WrongPromisedOutput {
  async execute() {
    return { summary: '' };
  }
}

// @ts-expect-error the declared output needs a value
@TaskAgent({ name: 'returns-nothing', input: Path, output: Summary })
export class ReturnsNothing {
  execute(): void {}
}

// @ts-expect-error only the input is declared, and it does not fit
@TaskAgent({ name: 'one-side-declared', input: Path })
export class OneSideDeclared {
  execute(input: { root: string }) {
    return input.root;
  }
}

// @ts-expect-error there is no `execute`
@TaskAgent({ name: 'no-execute' })
export class NoExecute {
  run(): void {}
}

// @ts-expect-error `execute` is private
@TaskAgent({ name: 'private-execute' })
export class PrivateExecute {
  private execute(): void {}

  run(): void {
    this.execute();
  }
}

// @ts-expect-error `execute` is static
@TaskAgent({ name: 'static-execute' })
export class StaticExecute {
  static execute(): void {}
}

// @ts-expect-error NestJS could not construct it
@TaskAgent({ name: 'abstract-class' })
export abstract class AbstractClass {
  abstract execute(): void;
}

// @ts-expect-error the second parameter is the context
@TaskAgent({ name: 'wrong-context' })
export class WrongContext {
  execute(_input: { path: string }, ctx: { database: string }) {
    return ctx.database;
  }
}

// @ts-expect-error the options are missing
@TaskAgent
export class WithoutCall {
  execute(): void {}
}

// @ts-expect-error the name is missing
@TaskAgent({})
export class WithoutName {
  execute(): void {}
}

// @ts-expect-error a text is no options object
@TaskAgent('name')
export class NameOnly {
  execute(): void {}
}

export class OnMembers {
  // @ts-expect-error it is a class decorator
  @TaskAgent({ name: 'on-a-method' })
  execute(): void {}

  // @ts-expect-error it is a class decorator
  @TaskAgent({ name: 'on-an-accessor' })
  get value() {
    return 1;
  }

  // @ts-expect-error it is a class decorator
  @TaskAgent({ name: 'on-a-static' })
  static make(): void {}

  // @ts-expect-error it is a class decorator
  @TaskAgent({ name: 'on-a-property' })
  name = 'x';
}

// @ts-expect-error `retries` is no option
export const unknownOption: TaskAgentOptions<typeof Path, typeof Summary> = { name: 'a', retries: 3 };
// @ts-expect-error `retries` is no option
TaskAgent({ name: 'a', retries: 3 });
// @ts-expect-error one capability is still a list
TaskAgent({ name: 'a', capabilities: 'read-files' });
// @ts-expect-error a capability is a text
TaskAgent({ name: 'a', capabilities: [1] });
// @ts-expect-error five minutes are '5m'
TaskAgent({ name: 'a', timeout: '5 minutes' });
// @ts-expect-error there is no such backoff
TaskAgent({ name: 'a', retry: { maxAttempts: 3, backoff: 'sometimes' } });
TaskAgent({ name: 'a', retry: { maxAttempts: 3, retryOn: (error) => error instanceof RangeError } });
// @ts-expect-error whether to try again is said at once
TaskAgent({ name: 'a', retry: { maxAttempts: 3, retryOn: async () => true } });
// @ts-expect-error a plain object is no schema
TaskAgent({ name: 'a', input: { path: 'string' } });
// @ts-expect-error `output` is for values; a constructor is no schema
TaskAgent({ name: 'a', output: String });
// @ts-expect-error `execute` is the class's, not an option
TaskAgent({ name: 'a', execute: () => ({}) });

// --- workflows -------------------------------------------------------------------------------------------------------

const ReportInput = z.object({ root: z.string(), depth: z.number().default(3) });
const ReportOutput = z.object({ summary: z.string(), note: z.string().optional(), all: z.array(z.string()) });

@Workflow({ name: 'repository-report', input: ReportInput, output: ReportOutput })
export class RepositoryReport {
  plan(flow: Flow, input: { root: string; depth: number }) {
    const file = flow.add(SummariseFile, { path: input.root });
    expectTypeOf(file.out.lines).toExtend<Ref<number>>();

    // @ts-expect-error a number does not fit where a path is wanted
    flow.add(SummariseFile, { path: file.out.lines });
    // @ts-expect-error a whole output does not fit where a path is wanted
    flow.add(SummariseFile, { path: file.out });
    // @ts-expect-error `path` is missing
    flow.add(SummariseFile, {});
    // @ts-expect-error a workflow is no agent
    flow.add(ClosesOverNothing, { root: 'x' });

    const noted = flow.add(OptionalProperties, {});
    // @ts-expect-error an optional property stays optional in its ref
    flow.add(SummariseFile, { path: noted.out.note });
    flow.add(SummariseFile, { path: noted.out.note.or('none') });

    return { summary: file.out.summary, note: noted.out.note, all: [file.out.summary, 'and a plain value'] };
  }
}

@Workflow({ name: 'asynchronous-plan', input: ReportInput, output: z.object({ summary: z.string() }) })
export class AsynchronousPlan {
  async plan(flow: Flow, input: { root: string }) {
    return flow.add(SummariseFile, { path: input.root }).out;
  }
}

@Workflow({ name: 'no-output', input: ReportInput })
export class ClosesOverNothing {
  plan(flow: Flow, input: { root: string }): void {
    flow.add(SummariseFile, { path: input.root });
  }
}

@Workflow({ name: 'no-workflow-schemas' })
export class NoWorkflowSchemas {
  plan(flow: Flow, input: { readonly root: string }) {
    return { summary: flow.add(SummariseFile, { path: input.root }).out.summary };
  }
}

// @ts-expect-error `lines` is a number, the declared summary a text
@Workflow({ name: 'wrong-planned-output', input: ReportInput, output: z.object({ summary: z.string() }) })
export class WrongPlannedOutput {
  plan(flow: Flow, input: { root: string }) {
    return { summary: flow.add(SummariseFile, { path: input.root }).out.lines };
  }
}

// @ts-expect-error the declared output needs refs
@Workflow({ name: 'forgets-its-output', input: ReportInput, output: z.object({ summary: z.string() }) })
export class ForgetsItsOutput {
  plan(flow: Flow, input: { root: string }): void {
    flow.add(SummariseFile, { path: input.root });
  }
}

// @ts-expect-error `root` is a string in the schema
@Workflow({ name: 'wrong-plan-input', input: ReportInput })
export class WrongPlanInput {
  plan(_flow: Flow, input: { root: number }) {
    return input.root;
  }
}

// @ts-expect-error the flow comes first
@Workflow({ name: 'parameters-swapped', input: ReportInput })
export class ParametersSwapped {
  plan(input: { root: string }, _flow: Flow) {
    return input.root;
  }
}

// @ts-expect-error there is no `plan`
@Workflow({ name: 'no-plan', input: ReportInput })
export class NoPlan {
  execute(): void {}
}

// @ts-expect-error `timeout` is no option of a workflow
Workflow({ name: 'a', timeout: '5m' });

// --- several tasks in one call ---------------------------------------------------------------------------------------

@TaskAgent({ name: 'batched', input: Path, output: Summary, batch: { maxSize: 10, maxWait: '20ms' } })
export class Batched {
  async executeBatch(inputs: readonly { path: string }[], ctx: BatchContext) {
    ctx.heartbeat();
    return Promise.allSettled(inputs.map(async ({ path }) => ({ summary: path, lines: ctx.items.length })));
  }
}

/** Without schemas nothing is compared. */
@TaskAgent({ name: 'batched-without-schemas', batch: { maxSize: 10, maxWait: 0 } })
export class BatchedWithoutSchemas {
  async executeBatch(inputs: readonly { path: string }[]): Promise<readonly PromiseSettledResult<{ lines: number }>[]> {
    return inputs.map(({ path }) => ({ status: 'fulfilled', value: { lines: path.length } }));
  }
}

// @ts-expect-error with `batch` the method is `executeBatch`
@TaskAgent({ name: 'batch-of-one', input: Path, output: Summary, batch: { maxSize: 10, maxWait: '20ms' } })
export class BatchOfOne {
  execute(input: { path: string }) {
    return { summary: input.path, lines: 1 };
  }
}

// @ts-expect-error without `batch` the method is `execute`
@TaskAgent({ name: 'batch-without-option', input: Path, output: Summary })
export class BatchWithoutOption {
  async executeBatch(inputs: readonly { path: string }[]) {
    return Promise.allSettled(inputs.map(async ({ path }) => ({ summary: path, lines: 1 })));
  }
}

// @ts-expect-error it gets a list of inputs
@TaskAgent({ name: 'batch-takes-one', input: Path, output: Summary, batch: { maxSize: 10, maxWait: '20ms' } })
export class BatchTakesOne {
  async executeBatch(input: { path: string }) {
    return Promise.allSettled([{ summary: input.path, lines: 1 }]);
  }
}

// @ts-expect-error each result is settled by itself
@TaskAgent({ name: 'batch-of-values', input: Path, output: Summary, batch: { maxSize: 10, maxWait: '20ms' } })
export class BatchOfValues {
  async executeBatch(inputs: readonly { path: string }[]) {
    return inputs.map(({ path }) => ({ summary: path, lines: 1 }));
  }
}

// @ts-expect-error `lines` is a number in the schema
@TaskAgent({ name: 'wrong-batch-output', input: Path, output: Summary, batch: { maxSize: 10, maxWait: '20ms' } })
export class WrongBatchOutput {
  async executeBatch(inputs: readonly { path: string }[]) {
    return Promise.allSettled(inputs.map(async ({ path }) => ({ summary: path, lines: 'many' })));
  }
}

// @ts-expect-error a batch cannot be suspended
@TaskAgent({ name: 'batch-that-waits', batch: { maxSize: 10, maxWait: '20ms' } })
export class BatchThatWaits {
  async executeBatch(inputs: readonly { path: string }[], ctx: TaskContext) {
    await ctx.sleep('later', '1s');
    return Promise.allSettled(inputs);
  }
}

// --- messages --------------------------------------------------------------------------------------------------------

const Changed = defineTopic({ name: 'changed', payload: z.object({ path: z.string(), at: z.string().transform(Date.parse) }) });
const Removed = defineTopic({ name: 'removed', payload: z.object({ path: z.string(), depth: z.number().default(1) }) });

@PubSubAgent({ name: 'index-changes', subscribes: [Changed, Removed], publishes: [Removed], retry: 3 })
export class IndexChanges {
  async execute(message: TopicMessage<typeof Changed | typeof Removed>, ctx: TaskContext) {
    if (message.topic === 'changed') {
      expectTypeOf(message.payload).toEqualTypeOf<{ path: string; at: number }>();
      await ctx.publish(Removed, { path: message.payload.path });
    } else {
      expectTypeOf(message.payload).toEqualTypeOf<{ path: string; depth: number }>();
    }
    return message.payload.path;
  }
}

@PubSubAgent({ name: 'takes-part', subscribes: [Changed] })
export class TakesPart {
  execute({ payload }: { payload: { path: string } }): string {
    return payload.path;
  }
}

@PubSubAgent({ name: 'returns-nothing-of-a-message', subscribes: [Changed] })
export class ReturnsNothingOfAMessage {
  execute(): void {}
}

// @ts-expect-error `path` is a text in the topic
@PubSubAgent({ name: 'wrong-payload', subscribes: [Changed] })
export class WrongPayload {
  execute({ payload }: { payload: { path: number } }) {
    return payload.path;
  }
}

// @ts-expect-error a subscriber gets what the transform made
@PubSubAgent({ name: 'unparsed-payload', subscribes: [Changed] })
export class UnparsedPayload {
  execute({ payload }: { payload: { at: string } }) {
    return payload.at;
  }
}

// @ts-expect-error messages of the other topic come as well
@PubSubAgent({ name: 'half-of-the-topics', subscribes: [Changed, Removed] })
export class HalfOfTheTopics {
  execute(message: TopicMessage<typeof Changed>) {
    return message.payload.at;
  }
}

// @ts-expect-error the payload is inside the message
@PubSubAgent({ name: 'takes-the-payload', subscribes: [Changed] })
export class TakesThePayload {
  execute(payload: { path: string }) {
    return payload.path;
  }
}

// @ts-expect-error there is no `execute`
@PubSubAgent({ name: 'no-execute-for-messages', subscribes: [Changed] })
export class NoExecuteForMessages {
  handle(): void {}
}

// @ts-expect-error it subscribes nothing
PubSubAgent({ name: 'a' });
// @ts-expect-error topics are made by `defineTopic`
PubSubAgent({ name: 'a', subscribes: ['changed'] });
// @ts-expect-error one topic is still a list
PubSubAgent({ name: 'a', subscribes: Changed });
// @ts-expect-error its input are messages
PubSubAgent({ name: 'a', subscribes: [Changed], input: Path });
// @ts-expect-error what it returns is any JSON
PubSubAgent({ name: 'a', subscribes: [Changed], output: Path });
// @ts-expect-error messages are taken one by one
PubSubAgent({ name: 'a', subscribes: [Changed], batch: { maxSize: 10, maxWait: '20ms' } });
// @ts-expect-error there is no such option
PubSubAgent({ name: 'a', subscribes: [Changed], topics: [Changed] });
// @ts-expect-error the payload does not fit the topic
export const publishesWrong = (ctx: TaskContext) => ctx.publish(Removed, { path: 1 });

// --- every option ----------------------------------------------------------------------------------------------------

/** All options there are, each with a value that fits. The compiler refuses this test when one is left out. */
const everyOption = {
  name: 'every-option',
  description: 'Takes every option',
  version: '3',
  input: Path,
  output: Summary,
  capabilities: ['read-files'],
  retry: { maxAttempts: 3, backoff: 'exponential', retryOn: () => true },
  timeout: '30s',
  idleTimeout: '5s',
  concurrency: 8,
  concurrencyPerKey: 2,
  concurrencyKey: 'disk',
  rate: { starts: 10, per: '1m' },
  limits: ['disk'],
  resources: { memoryMb: 600 },
  exclusive: false,
  cache: { ttl: '1h' },
  durability: 'at-most-once',
  review: { by: { agent: 'critic' }, maxRejections: 1 },
  onTimeout: 'notify-planner',
  publishes: [defineTopic({ name: 'read', payload: Path })],
} as const satisfies TaskAgentOptions<typeof Path, typeof Summary>;
/** With `batch`, which asks for another method, these are all. */
type EveryKey = keyof typeof everyOption | 'batch';
expectTypeOf<EveryKey>().toEqualTypeOf<keyof TaskAgentOptions<typeof Path, typeof Summary>>();
// The engine has no option beside them either.
expectTypeOf<EveryKey>().toEqualTypeOf<
  keyof AgentOptions<typeof Path, typeof Summary> | keyof Pick<BatchBody<typeof Path, typeof Summary>, 'batch'>
>();

@TaskAgent(everyOption)
export class EveryOption {
  execute(input: { path: string }) {
    return { summary: input.path, lines: 1 };
  }
}

const everyPubSubOption = {
  ...(({ input: _input, output: _output, ...others }) => others)(everyOption),
  name: 'every-pubsub-option',
  subscribes: [Changed],
} as const satisfies PubSubAgentOptions<readonly [typeof Changed]>;
expectTypeOf<keyof typeof everyPubSubOption>().toEqualTypeOf<keyof PubSubAgentOptions<readonly [typeof Changed]>>();

@PubSubAgent(everyPubSubOption)
export class EveryPubSubOption {
  execute(message: TopicMessage<typeof Changed>) {
    return message.payload.at;
  }
}

const everyWorkflowOption = {
  name: 'every-workflow-option',
  description: 'Takes every option',
  version: '3',
  input: Path,
  output: z.object({ summary: z.string() }),
  schedule: { cron: '0 3 * * *', input: { path: 'src' } },
} as const satisfies WorkflowDecoratorOptions<typeof Path, z.ZodObject<{ summary: z.ZodString }>>;
expectTypeOf<keyof typeof everyWorkflowOption>().toEqualTypeOf<keyof WorkflowDecoratorOptions<typeof Path, typeof Summary>>();
expectTypeOf<keyof typeof everyWorkflowOption>().toEqualTypeOf<keyof WorkflowOptions<typeof Path, typeof Summary>>();

@Workflow(everyWorkflowOption)
export class EveryWorkflowOption {
  plan(flow: Flow, input: { path: string }) {
    return { summary: flow.add(EveryOption, input).out.summary };
  }
}

// @ts-expect-error a name is a text
TaskAgent({ name: 1 });
// @ts-expect-error a description is a text
TaskAgent({ name: 'a', description: ['a'] });
// @ts-expect-error a version is a text
TaskAgent({ name: 'a', version: 2 });
// @ts-expect-error a policy needs no `times`
TaskAgent({ name: 'a', retry: { times: 3 } });
// @ts-expect-error a duration has a unit
TaskAgent({ name: 'a', idleTimeout: '5' });
// @ts-expect-error a number of attempts is a number
TaskAgent({ name: 'a', concurrency: '8' });
// @ts-expect-error a number of attempts is a number
TaskAgent({ name: 'a', concurrencyPerKey: true });
// @ts-expect-error the key of an agent is one text; a task may name its own
TaskAgent({ name: 'a', concurrencyKey: () => 'disk' });
// @ts-expect-error a rate says in which time
TaskAgent({ name: 'a', rate: { starts: 10 } });
// @ts-expect-error limits are a list of names
TaskAgent({ name: 'a', limits: { disk: 1 } });
// @ts-expect-error what is reserved is a number
TaskAgent({ name: 'a', resources: { memoryMb: '600MB' } });
// @ts-expect-error it runs alone or it does not
TaskAgent({ name: 'a', exclusive: 'yes' });
// @ts-expect-error a cache says for how long
TaskAgent({ name: 'a', cache: true });
// @ts-expect-error there is no such durability
TaskAgent({ name: 'a', durability: 'exactly-once' });
// @ts-expect-error another agent judges as `{ by: { agent } }`
TaskAgent({ name: 'a', review: { agent: 'critic' } });
// @ts-expect-error a judge gives a boolean or a text
TaskAgent({ name: 'a', review: () => 1 });
// @ts-expect-error there is no such decision
TaskAgent({ name: 'a', onTimeout: 'retry' });
// @ts-expect-error a function decides by one of the decisions
TaskAgent({ name: 'a', onTimeout: () => 'retry' });
// @ts-expect-error topics are made by `defineTopic`
TaskAgent({ name: 'a', publishes: ['read'] });
// @ts-expect-error one topic is still a list
TaskAgent({ name: 'a', publishes: Changed });
// @ts-expect-error a batch says how long it waits
TaskAgent({ name: 'a', batch: { maxSize: 10 } });
// @ts-expect-error a batch publishes nothing
TaskAgent({ name: 'a', batch: { maxSize: 10, maxWait: '20ms' }, publishes: [Changed] });
TaskAgent({ name: 'a', batch: { maxSize: 10, maxWait: '20ms' }, publishes: [] });
// @ts-expect-error a batch has no `size`
TaskAgent({ name: 'a', batch: { maxSize: 10, maxWait: '20ms', size: 3 } });
// @ts-expect-error subscribing is for `@PubSubAgent`
TaskAgent({ name: 'a', subscribes: [Changed] });
// @ts-expect-error a name is a text
Workflow({ name: null });
// @ts-expect-error a schedule is an object
Workflow({ name: 'a', schedule: '0 3 * * *' });
// @ts-expect-error a version is a text
Workflow({ name: 'a', version: 2 });
// @ts-expect-error a plain object is no schema
Workflow({ name: 'a', input: { path: 'string' } });
// @ts-expect-error a plain object is no schema
Workflow({ name: 'a', output: { path: 'string' } });

// --- generic and inherited classes -----------------------------------------------------------------------------------

abstract class Echo<Value> {
  execute(input: { value: Value }, _ctx: TaskContext): { value: Value } {
    return input;
  }
}

@TaskAgent({ name: 'echo-text', input: z.object({ value: z.string() }), output: z.object({ value: z.string() }) })
export class EchoText extends Echo<string> {}

// @ts-expect-error the base class is that of numbers
@TaskAgent({ name: 'echo-number', input: z.object({ value: z.string() }), output: z.object({ value: z.string() }) })
export class EchoNumber extends Echo<number> {}

abstract class PlansOne<Input> {
  abstract pathOf(input: Input): string;

  plan(flow: Flow, input: Input) {
    return { summary: flow.add(SummariseFile, { path: this.pathOf(input) }).out.summary };
  }
}

@Workflow({ name: 'plans-one', input: z.object({ root: z.string() }), output: z.object({ summary: z.string() }) })
export class PlansOneRoot extends PlansOne<{ root: string }> {
  pathOf(input: { root: string }) {
    return input.root;
  }
}

// @ts-expect-error the inherited `plan` takes another input
@Workflow({ name: 'plans-another', input: z.object({ root: z.string() }), output: z.object({ summary: z.string() }) })
export class PlansAnother extends PlansOne<{ path: string }> {
  pathOf(input: { path: string }) {
    return input.path;
  }
}
