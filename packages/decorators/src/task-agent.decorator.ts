import type { AgentOptions, BatchOptions, Schema, SchemaInput, SchemaOutput } from '@taskloom/core';

import { applyDecorator } from './apply-decorator.js';
import type { ClassOfAgent } from './decorated-class.js';
import type { DecoratorSpec } from './decorator-spec.js';
import { AGENT_OPTIONS } from './metadata/metadata-keys.js';

/**
 * Options of {@link TaskAgent}: those of every agent. `input` and `output` may be left out; then the generator derives
 * them from the types of `execute`, and its manifest brings them to run time.
 */
export interface TaskAgentOptions<
  In extends Schema,
  Out extends Schema,
  Batch extends BatchOptions | undefined = BatchOptions,
> extends Omit<AgentOptions<In, Out>, 'input' | 'output'> {
  /** Checks what callers give; `execute` gets the parsed value. Absent: derived from `execute`'s first parameter. */
  readonly input?: In;
  /** Checks what `execute` returns; the parsed value is stored. Absent: derived from `execute`'s result. */
  readonly output?: Out;
  /** Collects its tasks and runs several of them in one call of `executeBatch`, which then stands in place of `execute`. Default: one call each. */
  readonly batch?: Batch & NothingBeside<Batch>;
}

/** Keeps options that the compiler infers from what was given to those there are. */
type NothingBeside<Batch> = { readonly [Key in Exclude<keyof Batch, keyof BatchOptions>]: never };

/** A call for several tasks at once is no task that could publish. */
type WithoutTopics<Batch> = Batch extends BatchOptions ? { readonly publishes?: readonly never[] } : unknown;

/**
 * Makes a class an agent: a provider of NestJS (nothing else is needed for injection) whose `execute(input, ctx)` runs
 * the tasks that name it; with `batch` it is `executeBatch(inputs, ctx)`, for several at once. The compiler checks the method
 * against both schemas.
 *
 * A class counts only when it is decorated itself; its `execute` may be inherited. Options are checked when the
 * application starts.
 *
 * @throws TaskloomError `DECORATOR_MISUSE`, when the class is defined, where the decorator cannot work
 */
export function TaskAgent<
  In extends Schema = Schema<unknown, never>,
  Out extends Schema = Schema<unknown>,
  Batch extends BatchOptions | undefined = undefined,
>(
  options: TaskAgentOptions<In, Out, Batch> & WithoutTopics<Batch>,
): (target: ClassOfAgent<SchemaOutput<In>, SchemaInput<Out>, Batch>) => void {
  return applyDecorator(hasBatch(options) ? BATCHED : SINGLE, options);
}

const SINGLE: DecoratorSpec = {
  decorator: '@TaskAgent',
  kind: 'agent',
  key: AGENT_OPTIONS,
  method: 'execute',
  example: 'async execute(input, ctx) { … }',
};

const BATCHED: DecoratorSpec = { ...SINGLE, method: 'executeBatch', example: 'async executeBatch(inputs, ctx) { … }' };

/** Code without types may give anything. */
function hasBatch(options: { readonly batch?: unknown } | undefined | null): boolean {
  return options?.batch !== undefined;
}
