import type {
  AgentClass,
  AgentDefinition,
  BatchAgentClass,
  BatchContext,
  Flow,
  TaskContext,
  WorkflowClass,
  WorkflowDefinition,
} from '@taskloom/core';
import {
  createAgentDefinition,
  createBatchAgentDefinition,
  createPubSubAgentDefinition,
  createWorkflowDefinition,
} from '@taskloom/core/internal';

import type { AnyClass } from './decorated-class.js';
import { classNameOf, decoratorMisuse, type DecoratorName } from './decorator-errors.js';
import { completeAgentOptions, completeWorkflowOptions } from './manifest/complete-options.js';
import type { Manifest } from './manifest/manifest.js';
import { AGENT_OPTIONS, WORKFLOW_OPTIONS } from './metadata/metadata-keys.js';
import { agentOptionsOf, decoratedAncestorOf, pubSubAgentOptionsOf, workflowOptionsOf } from './metadata/metadata-reader.js';

/** The one instance of a decorated class, or a function that gives an instance for each task (each plan). */
export type InstanceSource = object | (() => object | Promise<object>);

export interface DefinitionOptions {
  /** The generated manifest: it has the schemas of classes that give none themselves. */
  readonly manifest?: Manifest;
}

/**
 * The engine's view of a class that carries `@TaskAgent` or `@PubSubAgent`, with its method bound to its instance.
 *
 * @throws TaskloomError `DECORATOR_MISUSE` when the class is not decorated itself, `SCHEMA_MISSING` when neither it nor
 *   the manifest has its schemas; ConfigError, `NAME_INVALID` and `SCHEMA_NOT_JSON` for what its options say
 */
export function toAgentDefinition(
  target: AgentClass | BatchAgentClass,
  source: InstanceSource,
  options: DefinitionOptions = {},
): AgentDefinition {
  const subscribing = pubSubAgentOptionsOf(target);
  if (subscribing) {
    const single = target as AgentClass;
    return createPubSubAgentDefinition(subscribing, executeOf('@PubSubAgent', single, source), single);
  }
  const given = agentOptionsOf(target) ?? refuseUndecorated('@TaskAgent', AGENT_OPTIONS, target);
  const { batch, ...completed } = completeAgentOptions(given, options.manifest, classNameOf(target));
  if (batch === undefined) return createAgentDefinition(completed, executeOf('@TaskAgent', target, source), target as AgentClass);
  return createBatchAgentDefinition({ ...completed, batch }, executeBatchOf(target, source), target as BatchAgentClass);
}

function executeOf(decorator: DecoratorName, target: AnyClass, source: InstanceSource): (input: never, ctx: TaskContext) => unknown {
  const instanceOf = instances<{ execute: (input: never, ctx: TaskContext) => unknown }>(decorator, 'execute', target, source);
  return (input, ctx) => callOn(instanceOf(), (instance) => instance.execute(input, ctx));
}

function executeBatchOf(target: AnyClass, source: InstanceSource): (inputs: readonly never[], ctx: BatchContext) => unknown {
  type Batching = { executeBatch: (inputs: readonly never[], ctx: BatchContext) => unknown };
  const instanceOf = instances<Batching>('@TaskAgent', 'executeBatch', target, source);
  return (inputs, ctx) => callOn(instanceOf(), (instance) => instance.executeBatch(inputs, ctx));
}

/**
 * The engine's view of a class that carries `@Workflow`, with `plan` bound to its instance.
 *
 * @throws as {@link toAgentDefinition} does
 */
export function toWorkflowDefinition(target: WorkflowClass, source: InstanceSource, options: DefinitionOptions = {}): WorkflowDefinition {
  const given = workflowOptionsOf(target) ?? refuseUndecorated('@Workflow', WORKFLOW_OPTIONS, target);
  const completed = completeWorkflowOptions(given, options.manifest, classNameOf(target));
  const instanceOf = instances<{ plan: (flow: Flow, input: never) => unknown }>('@Workflow', 'plan', target, source);
  return createWorkflowDefinition(completed, (flow, input) => callOn(instanceOf(), (instance) => instance.plan(flow, input)), target);
}

function refuseUndecorated(decorator: DecoratorName, key: symbol, target: AnyClass): never {
  const above = decoratedAncestorOf(target, key);
  const problem = above ? `the class is not decorated itself, only ${classNameOf(above)} above it is.` : 'the class is not decorated.';
  throw decoratorMisuse(
    decorator,
    `class ${classNameOf(target)}`,
    problem,
    `Put ${decorator}({ name: '…' }) above the class; decorators are not inherited.`,
  );
}

function instances<Instance extends object>(
  decorator: DecoratorName,
  method: keyof Instance,
  target: AnyClass,
  source: InstanceSource,
): () => Instance | Promise<Instance> {
  const checked = (instance: object): Instance => {
    if (typeof (instance as Partial<Instance> | null)?.[method] === 'function') return instance as Instance;
    throw decoratorMisuse(
      decorator,
      `class ${classNameOf(target)}`,
      `the instance given for it has no method \`${String(method)}\`.`,
      'Give an instance of the class; a factory provider must return one.',
    );
  };
  if (typeof source === 'function') {
    return () => {
      const resolved = (source as () => object | Promise<object>)();
      return resolved instanceof Promise ? resolved.then(checked) : checked(resolved);
    };
  }
  const instance = checked(source);
  return () => instance;
}

/** Keeps a synchronous call synchronous. */
function callOn<Instance>(instance: Instance | Promise<Instance>, call: (instance: Instance) => unknown): unknown {
  return instance instanceof Promise ? instance.then(call) : call(instance);
}
