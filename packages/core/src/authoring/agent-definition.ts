import { ConfigError } from '../errors/definition-errors.js';
import { TaskloomError } from '../errors/taskloom-error.js';
import { durationMs, type Duration } from '../kernel/duration.js';
import { isName, NAME_RULE } from '../kernel/ids.js';
import { inMessage } from '../kernel/in-message.js';
import type { JsonObject } from '../kernel/json.js';
import type { AgentDemands, Resources } from '../model/demands.js';
import type { AgentRetryOptions, RetryClassifier, RetryPolicy } from '../model/retry-policy.js';
import { cacheProblems, parseCache, type CacheOptions, type CachePolicy } from './cache-options.js';
import { DURABILITIES, type Durability, type ReviewPolicy } from '../model/task.js';
import type { BatchContext } from './batch-context.js';
import { batchProblems, parseBatch, type BatchOptions, type BatchPolicy } from './batch-options.js';
import { agentDemandProblems, parseAgentDemands, type RateOptions } from './demand-options.js';
import { perTask } from './per-task.js';
import { requireOptions } from './require-options.js';
import { parseAgentRetry, retryProblems } from './retry-options.js';
import { reviewOf, reviewProblems } from './review-options.js';
import { isSchema, jsonSchemaOf, type Schema, type SchemaInput, type SchemaOutput } from './schema.js';
import type { TaskContext } from './task-context.js';
import { unknownOption } from './unknown-option.js';
import { topicListProblems, type TopicDefinition } from './topic.js';

/** Options of an agent, shared by `@TaskAgent` and {@link defineAgent}. */
export interface AgentOptions<In extends Schema, Out extends Schema> {
  /** Unique among the agents of an application; it is what graphs and stored jobs refer to. */
  readonly name: string;
  readonly description?: string;
  /** Change it when the agent's results change: memos and cached results of another version are not used. Default `'1'`. */
  readonly version?: string;
  readonly input: In;
  readonly output: Out;
  /** Free labels by which callers and planners choose an agent. */
  readonly capabilities?: readonly string[];
  /** Default: one attempt. A number is `maxAttempts`. */
  readonly retry?: AgentRetryOptions | number;
  /** Longest time one attempt may run; 0 means none. Default 300 s. */
  readonly timeout?: Duration;
  /** Longest time an attempt may give no sign of life (`ctx.heartbeat`, `ctx.progress`, `ctx.step`, `ctx.need`). Default: off. */
  readonly idleTimeout?: Duration;
  /** Most attempts of this agent at the same time in one process. Default: no limit of its own. */
  readonly concurrency?: number;
  /** Most attempts with the same key (see `concurrencyKey`) at the same time in one process. Default 1: one task for each key. */
  readonly concurrencyPerKey?: number;
  /** The key of tasks that name none. A task names its own with `.concurrencyKey(…)`. Default: tasks without a key are not limited by key. */
  readonly concurrencyKey?: string;
  /** Most starts in any stretch of time, in one process: `{ starts: 10, per: '1m' }`. Default: as many as there are. */
  readonly rate?: RateOptions;
  /** Named limits of the engine (`namedLimits`) that each task takes a place of. Default: none. */
  readonly limits?: readonly string[];
  /** What each task reserves of the engine's pools (`pools`) while it runs: `{ memoryMb: 600 }`. Default: nothing. */
  readonly resources?: Resources;
  /** Whether its tasks run alone in their process. Default false. */
  readonly exclusive?: boolean;
  /** Use results again for the same input and version. Default: every task runs. */
  readonly cache?: CacheOptions<SchemaInput<In>>;
  /**
   * `at-most-once`: after a crash or a timeout, when nobody knows what it has done, a task waits for a person
   * (`engine.resumeTask`) instead of running again. Default `retry`.
   */
  readonly durability?: Durability;
  /**
   * Who judges what its tasks come to before they count as done: nobody (`auto`, default), a person (`manual`), another
   * agent by name, or a function of the output. A rejected task runs again with the feedback, `maxRejections` times
   * (default 3); then it is REJECTED, which counts as failed.
   */
  readonly review?: AgentReview<SchemaOutput<Out>, SchemaOutput<In>>;
  /**
   * What happens when `timeout` or `idleTimeout` is over: the attempt fails (default), the whole job does, the planner is
   * asked (engine option `planner`) while the attempt goes on, or a function decides.
   */
  readonly onTimeout?: TimeoutPolicy;
  /** Topics that it may publish on with `ctx.publish`. Default: none. */
  readonly publishes?: readonly TopicDefinition[];
}

/**
 * How an agent runs: each task by itself (`execute`), each by an instance of its own (`scope` and `create`), or several in one
 * call (`batch` and `executeBatch`).
 */
export type AgentBody<In extends Schema, Out extends Schema> = SingleBody<In, Out> | FactoryBody<In, Out> | BatchBody<In, Out>;

type Execute<In extends Schema, Out extends Schema> = (
  input: SchemaOutput<In>,
  ctx: TaskContext,
) => SchemaInput<Out> | Promise<SchemaInput<Out>>;

export interface SingleBody<In extends Schema, Out extends Schema> {
  /** The same function for all tasks. */
  readonly execute: Execute<In, Out>;
  readonly scope?: 'shared';
  readonly create?: never;
  readonly batch?: never;
  readonly executeBatch?: never;
}

export interface FactoryBody<In extends Schema, Out extends Schema> {
  /** No two tasks share an instance, nor do two attempts of one. */
  readonly scope: 'per-task';
  /**
   * Makes the instance for a run: each attempt, and each time that one goes on after it has waited. One that fails, or makes
   * nothing that runs, fails the attempt with `AGENT_FACTORY_FAILED`, under the retry policy.
   */
  readonly create: () => AgentInstance<In, Out> | Promise<AgentInstance<In, Out>>;
  readonly execute?: never;
  readonly batch?: never;
  readonly executeBatch?: never;
}

/** What runs one task. It is disposed of, and that awaited, when `execute` has ended, well or not. */
export interface AgentInstance<In extends Schema, Out extends Schema> {
  readonly execute: Execute<In, Out>;
  [Symbol.asyncDispose]?(): PromiseLike<void>;
  /** Where it has no `Symbol.asyncDispose`. */
  [Symbol.dispose]?(): void;
}

export interface BatchBody<In extends Schema, Out extends Schema> {
  /** Collects its tasks and runs several of them in one call. */
  readonly batch: BatchOptions;
  /**
   * One settled result for each input, in their order: `Promise.allSettled` gives such a list. A rejected one fails its own
   * task alone; a throw, or a list of another length, fails them all.
   */
  readonly executeBatch: (
    inputs: readonly SchemaOutput<In>[],
    ctx: BatchContext,
  ) => Promise<readonly PromiseSettledResult<SchemaInput<Out>>[]>;
  readonly execute?: never;
  readonly scope?: 'shared';
  readonly create?: never;
  /** A call for many tasks has no context of one of them to publish with. */
  readonly publishes?: readonly never[];
}

export type AgentReview<Output, Input> = 'auto' | 'manual' | ReviewPredicate<Output, Input> | AgentReviewOptions<Output, Input>;

export interface AgentReviewOptions<Output, Input> {
  /** `manual`, the reviewing agent's name as `{ agent }`, or a function. */
  readonly by: 'manual' | { readonly agent: string } | ReviewPredicate<Output, Input>;
  /** 0–100. Default 3. */
  readonly maxRejections?: number;
}

/** `true`, or feedback where the output is not good enough; `false` rejects without any. */
export type ReviewPredicate<Output, Input> = (output: Output, input: Input) => boolean | string | Promise<boolean | string>;

/** What an attempt's timeout does. A function may take 5 s to decide; if it fails or takes longer, the attempt fails. */
export type TimeoutPolicy = TimeoutDecision | ((timeout: TimeoutReport) => TimeoutDecision | Promise<TimeoutDecision>);
export type TimeoutDecision = 'fail-attempt' | 'terminate-job' | 'notify-planner' | 'go-on';

export interface TimeoutReport {
  readonly jobId: string;
  readonly taskKey: string;
  readonly agent: string;
  readonly attempt: number;
  /** `TASK_TIMEOUT` or `TASK_IDLE`. */
  readonly code: string;
  readonly message: string;
}

/** An agent as the engine knows it. Made by {@link defineAgent}, or from a decorated class. */
export interface AgentDefinition<Input = unknown, Output = unknown> extends AgentDemands {
  readonly kind: 'agent';
  readonly name: string;
  readonly description: string;
  readonly version: string;
  readonly inputSchema: Schema;
  readonly outputSchema: Schema;
  /** JSON Schema of what callers give. */
  readonly inputJsonSchema: JsonObject;
  /** JSON Schema of what is stored. */
  readonly outputJsonSchema: JsonObject;
  readonly capabilities: readonly string[];
  readonly retry: RetryPolicy;
  /** Which failures are worth another attempt; `null`: all that may pass next time. */
  readonly retryOn: RetryClassifier | null;
  /** 0 means none, `null` the engine's default. */
  readonly timeoutMs: number | null;
  /** 0 means none. */
  readonly idleTimeoutMs: number;
  readonly cache: CachePolicy | null;
  readonly durability: Durability;
  readonly review: ReviewPolicy | null;
  /** Judges an output where `review.by` is `predicate`. */
  readonly judge: ((output: never, input: never) => unknown) | null;
  readonly onTimeout: TimeoutPolicy;
  /** Topics that it may publish on. */
  readonly publishes: readonly TopicDefinition[];
  /** Topics whose messages run it; none for an ordinary agent. */
  readonly subscribes: readonly TopicDefinition[];
  /** `null`: each of its tasks is a call of `execute`; else `execute` is never called. */
  readonly batch: BatchPolicy | null;
  /** The decorated class this was made from, so that graphs can refer to it by class. */
  readonly target: AgentClass | BatchAgentClass | null;
  readonly execute: (input: never, ctx: TaskContext) => unknown;
  /** Type only: what callers give and what refs to its output hold. */
  readonly '~types'?: { readonly input: Input; readonly output: Output };
}

/** A class with an `execute` method, decorated with `@TaskAgent`. */
export type AgentClass<Input = never, Output = unknown> = abstract new (...args: never[]) => {
  execute: (input: Input, ctx: TaskContext) => Output;
};

/** A class with an `executeBatch` method, decorated with `@TaskAgent({ batch })`. */
export type BatchAgentClass<Input = never, Output = unknown> = abstract new (...args: never[]) => {
  executeBatch: (inputs: readonly Input[], ctx: BatchContext) => Promise<readonly PromiseSettledResult<Output>[]>;
};

/**
 * Input and output types by agent name. The generator fills it by declaration merging, so that agents can be referred to
 * by name with full types.
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- filled by declaration merging
export interface AgentTypes {}

/** What stands for an agent in `flow.add`, `task` and `ctx.need`: its definition, its class, or its name. */
export type AgentTarget = AgentDefinition | AgentClass | BatchAgentClass | string;

type ByName<Name, Side extends 'input' | 'output'> = Name extends keyof AgentTypes
  ? AgentTypes[Name] extends { readonly [Key in Side]: infer T }
    ? T
    : unknown
  : unknown;

/** What callers give to an agent: its schema's input side, or for a class the type of `execute`'s first parameter. */
export type AgentInputOf<Target> = Target extends string
  ? ByName<Target, 'input'>
  : Target extends { readonly kind: 'agent'; readonly '~types'?: { readonly input: infer Input } }
    ? Input
    : Target extends abstract new (...args: never[]) => { execute: (input: infer Input, ctx: TaskContext) => unknown }
      ? Input
      : Target extends BatchAgentClass<infer Input>
        ? Input
        : never;

/** What an agent's task holds when it is done. */
export type AgentOutputOf<Target> = Target extends string
  ? ByName<Target, 'output'>
  : Target extends { readonly kind: 'agent'; readonly '~types'?: { readonly output: infer Output } }
    ? Output
    : Target extends abstract new (...args: never[]) => { execute: (input: never, ctx: TaskContext) => infer Output }
      ? Awaited<Output>
      : Target extends BatchAgentClass<never, infer Output>
        ? Output
        : never;

/**
 * Defines an agent as a function, without Nest.
 *
 * @throws ConfigError with every option that is wrong; TaskloomError `SCHEMA_NOT_JSON`.
 */
export function defineAgent<In extends Schema, Out extends Schema>(
  options: AgentOptions<In, Out> & AgentBody<In, Out>,
): AgentDefinition<SchemaInput<In>, SchemaOutput<Out>> {
  requireOptions(options, 'an agent', "{ name: 'greet', input, output, execute: (input) => … }");
  const { scope = 'shared', create, ...others } = options;
  const owner = `agent ${inMessage((options as { name: unknown }).name)}`;
  if (scope !== 'shared' && scope !== 'per-task')
    throw new ConfigError([`\`scope\` of ${owner} is ${inMessage(scope)}; it must be shared or per-task.`]);
  const { execute, executeBatch } = others;
  const isPerTask = scope === 'per-task';
  const given = ['create', 'execute', 'batch', 'executeBatch'].filter((key) => key in options);
  if (isPerTask && typeof create === 'function' && given.length === 1)
    return createAgentDefinition(others, perTask(options.name, create), null);
  if (isPerTask || create !== undefined)
    throw new ConfigError([
      `${owner} has the scope ${scope} and ${given.join(', ') || 'nothing to run'}; a new instance for each task needs \`scope: 'per-task'\` and a function \`create\`, and no more.`,
    ]);
  if (executeBatch !== undefined && execute === undefined) return createBatchAgentDefinition(others, executeBatch, null);
  if (executeBatch === undefined && execute !== undefined) return createAgentDefinition(others, execute, null);
  throw new ConfigError([
    `${owner} must have \`execute\`, or \`batch\` and \`executeBatch\`, or \`scope: 'per-task'\` and \`create\`; it has ${given.join(' and ') || 'none of them'}.`,
  ]);
}

/** Checks an agent's options and completes them. `target` is the decorated class, where there is one. */
export function createAgentDefinition(
  options: AgentOptions<Schema, Schema>,
  execute: (input: never, ctx: TaskContext) => unknown,
  target: AgentClass | null,
): AgentDefinition {
  if ('batch' in options)
    throw new ConfigError([`\`batch\` of agent ${inMessage(options.name)} collects tasks for \`executeBatch\`, which it does not have.`]);
  return { ...completed(options), batch: null, target, execute };
}

/** As {@link createAgentDefinition}, for an agent whose tasks run in batches. */
export function createBatchAgentDefinition(
  options: AgentOptions<Schema, Schema> & { readonly batch: BatchOptions },
  executeBatch: (inputs: readonly never[], ctx: BatchContext) => unknown,
  target: BatchAgentClass | null,
): AgentDefinition {
  const owner = `agent ${inMessage(options.name)}`;
  const problems = batchProblems(options.batch, options, owner);
  if (options.publishes && options.publishes.length > 0) problems.push(`${owner} runs in batches, where nothing can be published.`);
  if (problems.length > 0) throw new ConfigError(problems);
  return { ...completed(options), batch: parseBatch(options.batch, executeBatch), target, execute: runsInBatches };
}

function runsInBatches(): never {
  throw new TaskloomError('INTERNAL', 'An agent with `batch` was called for a single task.');
}

function completed(options: AgentOptions<Schema, Schema>): Omit<AgentDefinition, 'batch' | 'target' | 'execute'> {
  const owner = `agent ${inMessage(options.name)}`;
  checkAgentOptions(options, owner);
  return {
    kind: 'agent',
    name: options.name,
    description: options.description ?? '',
    version: options.version ?? '1',
    inputSchema: options.input,
    outputSchema: options.output,
    inputJsonSchema: jsonSchemaOf(options.input, 'input', owner),
    outputJsonSchema: jsonSchemaOf(options.output, 'output', owner),
    capabilities: [...(options.capabilities ?? [])],
    ...parseAgentRetry(options.retry, owner),
    timeoutMs: options.timeout === undefined ? null : durationMs(options.timeout)!,
    idleTimeoutMs: options.idleTimeout === undefined ? 0 : durationMs(options.idleTimeout)!,
    ...parseAgentDemands(options),
    cache: parseCache(options.cache),
    durability: options.durability ?? 'retry',
    ...reviewOf(options.review),
    onTimeout: options.onTimeout ?? 'fail-attempt',
    publishes: [...(options.publishes ?? [])],
    subscribes: [],
  };
}

/** Every option of an agent. */
export const AGENT_OPTIONS: ReadonlySet<string> = new Set([
  'name',
  'description',
  'version',
  'input',
  'output',
  'capabilities',
  'retry',
  'timeout',
  'idleTimeout',
  'concurrency',
  'concurrencyPerKey',
  'concurrencyKey',
  'rate',
  'limits',
  'resources',
  'exclusive',
  'cache',
  'durability',
  'review',
  'onTimeout',
  'publishes',
  'batch',
  'execute',
  'executeBatch',
]);

export const TIMEOUT_DECISIONS: readonly TimeoutDecision[] = ['fail-attempt', 'terminate-job', 'notify-planner', 'go-on'];

function checkAgentOptions(options: AgentOptions<Schema, Schema>, owner: string): void {
  const problems: string[] = [];
  if (!isName(options.name)) throw new TaskloomError('NAME_INVALID', `${inMessage(options.name)} cannot name an agent: use ${NAME_RULE}.`);
  for (const key of Object.keys(options)) if (!AGENT_OPTIONS.has(key)) problems.push(unknownOption(owner, key, [...AGENT_OPTIONS]));
  for (const side of ['input', 'output'] as const) {
    if (options[side] === undefined)
      throw new TaskloomError('SCHEMA_MISSING', `The ${owner} has no ${side} schema.`, { details: { agent: options.name, side } });
    if (!isSchema(options[side]))
      problems.push(`\`${side}\` of ${owner} is no schema: it must implement Standard Schema with JSON Schema (zod 4.2 or later does).`);
  }
  for (const option of ['timeout', 'idleTimeout'] as const) {
    if (options[option] !== undefined && durationMs(options[option]) === null)
      problems.push(
        `\`${option}\` of ${owner} is ${inMessage(options[option])}; write a duration such as '30s' or milliseconds, 0 for none.`,
      );
  }
  problems.push(...agentDemandProblems(options, owner));
  const { timeout, idleTimeout } = options;
  const [timeoutMs, idleTimeoutMs] = [durationMs(timeout ?? 0), durationMs(idleTimeout ?? 0)];
  if (timeoutMs && idleTimeoutMs && idleTimeoutMs > timeoutMs)
    problems.push(
      `\`idleTimeout\` of ${owner} is ${inMessage(idleTimeout)}, longer than its \`timeout\` of ${inMessage(timeout)}: it could never end an attempt.`,
    );
  if (
    options.capabilities !== undefined &&
    !(Array.isArray(options.capabilities) && options.capabilities.every((capability) => typeof capability === 'string'))
  )
    problems.push(`\`capabilities\` of ${owner} must be a list of texts.`);
  problems.push(...cacheProblems(options.cache, owner));
  if (options.durability !== undefined && !DURABILITIES.includes(options.durability))
    problems.push(`\`durability\` of ${owner} is ${inMessage(options.durability)}; it must be one of ${DURABILITIES.join(', ')}.`);
  if (options.onTimeout !== undefined && typeof options.onTimeout !== 'function' && !TIMEOUT_DECISIONS.includes(options.onTimeout))
    problems.push(
      `\`onTimeout\` of ${owner} is ${inMessage(options.onTimeout)}; it must be a function or one of ${TIMEOUT_DECISIONS.join(', ')}.`,
    );
  problems.push(...reviewProblems(options.review, owner));
  problems.push(...retryProblems(options.retry, owner));
  problems.push(...topicListProblems('publishes', options.publishes, owner));
  if (problems.length > 0) throw new ConfigError(problems);
}
