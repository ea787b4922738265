import { ConfigError } from '../errors/definition-errors.js';
import { TaskloomError } from '../errors/taskloom-error.js';
import { isName, NAME_RULE } from '../kernel/ids.js';
import { inMessage } from '../kernel/in-message.js';
import type { JsonObject } from '../kernel/json.js';
import type { ScheduleTimes } from '../model/schedule.js';
import type { Flow } from './flow.js';
import type { AnyRef, Refable } from './ref.js';
import { requireOptions } from './require-options.js';
import { isSchema, jsonSchemaOf, type Schema, type SchemaInput, type SchemaOutput } from './schema.js';

/** Options of a workflow, shared by `@Workflow` and {@link defineWorkflow}. */
export interface WorkflowOptions<In extends Schema, Out extends Schema> {
  /** Unique among the workflows of an application. */
  readonly name: string;
  readonly description?: string;
  readonly version?: string;
  readonly input: In;
  /** Checks what `plan` returned once its refs have values. Absent: a job of this workflow has no output of its own. */
  readonly output?: Out;
  /** Starts it again and again, as a schedule that has the workflow's name. Default: it is started by hand. */
  readonly schedule?: ScheduleTimes;
}

/** A workflow as the engine knows it. Made by {@link defineWorkflow}, or from a decorated class. */
export interface WorkflowDefinition<Input = unknown, Output = unknown> {
  readonly kind: 'workflow';
  readonly name: string;
  readonly description: string;
  readonly version: string;
  readonly inputSchema: Schema;
  readonly outputSchema: Schema | null;
  readonly inputJsonSchema: JsonObject;
  readonly outputJsonSchema: JsonObject | null;
  readonly schedule: ScheduleTimes | null;
  readonly target: WorkflowClass | null;
  readonly plan: (flow: Flow, input: never) => unknown;
  readonly '~types'?: { readonly input: Input; readonly output: Output };
}

/** A class with a `plan` method, decorated with `@Workflow`. */
export type WorkflowClass<Input = never, Output = unknown> = abstract new (...args: never[]) => {
  plan: (flow: Flow, input: Input) => Output;
};

/** Input and output types by workflow name, filled by the generator. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- filled by declaration merging
export interface WorkflowTypes {}

export type WorkflowTarget = WorkflowDefinition | WorkflowClass | string;

type ByName<Name, Side extends 'input' | 'output'> = Name extends keyof WorkflowTypes
  ? WorkflowTypes[Name] extends { readonly [Key in Side]: infer T }
    ? T
    : unknown
  : unknown;

/** What a workflow is started with. */
export type WorkflowInputOf<Target> = Target extends string
  ? ByName<Target, 'input'>
  : Target extends { readonly kind: 'workflow'; readonly '~types'?: { readonly input: infer Input } }
    ? Input
    : Target extends abstract new (...args: never[]) => { plan: (flow: Flow, input: infer Input) => unknown }
      ? Input
      : never;

/** What a job of the workflow results in. For a class it is read from what `plan` returns. */
export type WorkflowOutputOf<Target> = Target extends string
  ? ByName<Target, 'output'>
  : Target extends { readonly kind: 'workflow'; readonly '~types'?: { readonly output: infer Output } }
    ? Output
    : Target extends abstract new (...args: never[]) => { plan: (flow: Flow, input: never) => infer Planned }
      ? Resolved<Awaited<Planned>>
      : never;

/** The type a ref, or an object of refs, has once it is resolved. */
export type Resolved<T> = T extends AnyRef<infer Value> ? Value : T extends object ? { [Key in keyof T]: Resolved<T[Key]> } : T;

/**
 * Defines a workflow as a function, without Nest. `plan` runs once for each job, lays out its graph and returns the
 * job's output as refs.
 *
 * @throws ConfigError with every option that is wrong; TaskloomError `NAME_INVALID`, `SCHEMA_MISSING`, `SCHEMA_NOT_JSON`
 */
export function defineWorkflow<In extends Schema, Out extends Schema = Schema<unknown>>(
  options: WorkflowOptions<In, Out> & { plan: (flow: Flow, input: SchemaOutput<In>) => PlanResult<Out> | Promise<PlanResult<Out>> },
): WorkflowDefinition<SchemaInput<In>, SchemaOutput<Out>> {
  requireOptions(options, 'a workflow', "{ name: 'report', input, plan: (flow, input) => … }");
  return createWorkflowDefinition(options, options.plan, null);
}

/** What `plan` may return for a declared output: refs that make it up. Nothing, where no output is declared. */
export type PlanResult<Out extends Schema> = unknown extends SchemaInput<Out> ? unknown : Refable<SchemaInput<Out>>;

/** Checks a workflow's options and completes them. */
export function createWorkflowDefinition(
  options: WorkflowOptions<Schema, Schema>,
  plan: (flow: Flow, input: never) => unknown,
  target: WorkflowClass | null,
): WorkflowDefinition {
  const owner = `workflow ${inMessage(options.name)}`;
  checkWorkflowOptions(options, owner);
  return {
    kind: 'workflow',
    name: options.name,
    description: options.description ?? '',
    version: options.version ?? '1',
    inputSchema: options.input,
    outputSchema: options.output ?? null,
    inputJsonSchema: jsonSchemaOf(options.input, 'input', owner),
    outputJsonSchema: options.output ? jsonSchemaOf(options.output, 'output', owner) : null,
    schedule: options.schedule ?? null,
    target,
    plan,
  };
}

const KNOWN_OPTIONS: ReadonlySet<string> = new Set(['name', 'description', 'version', 'input', 'output', 'schedule', 'plan']);

function checkWorkflowOptions(options: WorkflowOptions<Schema, Schema>, owner: string): void {
  const problems: string[] = [];
  if (!isName(options.name))
    throw new TaskloomError('NAME_INVALID', `${inMessage(options.name)} cannot name a workflow: use ${NAME_RULE}.`);
  for (const key of Object.keys(options))
    if (!KNOWN_OPTIONS.has(key)) problems.push(`${owner} has an unknown option "${key}"; known are ${[...KNOWN_OPTIONS].join(', ')}.`);
  if (options.input === undefined)
    throw new TaskloomError('SCHEMA_MISSING', `The ${owner} has no input schema.`, { details: { workflow: options.name, side: 'input' } });
  for (const side of ['input', 'output'] as const) {
    if (options[side] !== undefined && !isSchema(options[side]))
      problems.push(`\`${side}\` of ${owner} is no schema: it must implement Standard Schema with JSON Schema (zod 4.2 or later does).`);
  }
  if (problems.length > 0) throw new ConfigError(problems);
}
