import type { BatchContext, BatchOptions, Flow, TaskContext } from '@taskloom/core';

/** Any class that can be constructed. */
export type AnyClass = abstract new (...args: never[]) => object;

/**
 * What `@TaskAgent` asks of a class. `execute` stands here as a property and not as a method, because the compiler
 * compares methods' parameters in both directions and would let a mismatch pass.
 */
export type ClassWithExecute<Input, Output> = new (...args: never[]) => {
  execute: (input: Input, ctx: TaskContext) => Output | Promise<Output>;
};

/** What `@TaskAgent` asks of a class when its options have `batch`. */
export type ClassWithExecuteBatch<Input, Output> = new (...args: never[]) => {
  executeBatch: (inputs: readonly Input[], ctx: BatchContext) => Promise<readonly PromiseSettledResult<Output>[]>;
};

/** The class that an agent's options ask for: with `batch` one that takes several inputs in one call. */
export type ClassOfAgent<Input, Output, Batch extends BatchOptions | undefined> = Batch extends BatchOptions
  ? ClassWithExecuteBatch<Input, Output>
  : ClassWithExecute<Input, Output>;

/** What `@Workflow` asks of a class; see {@link ClassWithExecute} on why `plan` is a property. */
export type ClassWithPlan<Input, Planned> = new (...args: never[]) => { plan: (flow: Flow, input: Input) => Planned | Promise<Planned> };
