/*
 * The one place that reads what decorators left on a class. Only a class's own metadata counts: a subclass of a decorated
 * class is an agent only when it is decorated itself, so that two providers never answer to one name.
 */
import type { AgentClass, AgentOptions, Schema, TopicDefinition, WorkflowClass } from '@taskloom/core';

import type { AnyClass } from '../decorated-class.js';
import type { TaskAgentOptions } from '../task-agent.decorator.js';
import type { WorkflowDecoratorOptions } from '../workflow.decorator.js';
import { AGENT_OPTIONS, PUBSUB_AGENT_OPTIONS, WORKFLOW_OPTIONS } from './metadata-keys.js';

/** The options of `@TaskAgent` as they were given, or `null` when the value is no class that carries it. */
export function agentOptionsOf(target: unknown): TaskAgentOptions<Schema, Schema> | null {
  return ownMetadata(target, AGENT_OPTIONS) as TaskAgentOptions<Schema, Schema> | null;
}

/** What `@PubSubAgent` was given, whatever the types of its messages. */
export interface GivenPubSubAgentOptions extends Omit<AgentOptions<Schema, Schema>, 'input' | 'output'> {
  readonly subscribes: readonly TopicDefinition[];
}

/** The options of `@PubSubAgent` as they were given, or `null` when the value is no class that carries it. */
export function pubSubAgentOptionsOf(target: unknown): GivenPubSubAgentOptions | null {
  return ownMetadata(target, PUBSUB_AGENT_OPTIONS) as GivenPubSubAgentOptions | null;
}

/** The options of `@Workflow` as they were given, or `null` when the value is no class that carries it. */
export function workflowOptionsOf(target: unknown): WorkflowDecoratorOptions<Schema, Schema> | null {
  return ownMetadata(target, WORKFLOW_OPTIONS) as WorkflowDecoratorOptions<Schema, Schema> | null;
}

/** Whether a class carries `@TaskAgent` or `@PubSubAgent`. One that runs in batches counts, though its method is `executeBatch`. */
export function isAgentClass(target: unknown): target is AgentClass {
  return agentOptionsOf(target) !== null || pubSubAgentOptionsOf(target) !== null;
}

export function isWorkflowClass(target: unknown): target is WorkflowClass {
  return workflowOptionsOf(target) !== null;
}

/** The nearest class above `target` that carries the metadata; for messages to people who expected it to be inherited. */
export function decoratedAncestorOf(target: AnyClass, key: symbol): AnyClass | null {
  for (
    let above: unknown = Object.getPrototypeOf(target);
    typeof above === 'function' && above !== Function.prototype;
    above = Object.getPrototypeOf(above)
  ) {
    if (ownMetadata(above, key) !== null) return above as AnyClass;
  }
  return null;
}

function ownMetadata(target: unknown, key: symbol): unknown {
  // Without reflect-metadata nothing can have been written.
  if (typeof target !== 'function' || typeof Reflect.getOwnMetadata !== 'function') return null;
  return (Reflect.getOwnMetadata(key, target) as unknown) ?? null;
}
