import { ConfigError } from '../errors/definition-errors.js';
import { inMessage } from '../kernel/in-message.js';
import { createAgentDefinition, type AgentClass, type AgentDefinition, type AgentOptions } from './agent-definition.js';
import type { Schema } from './schema.js';
import type { TaskContext } from './task-context.js';
import { topicListProblems, type TopicDefinition, type TopicInputOf, type TopicMessage } from './topic.js';
import { anyJson, messageSchemaOf } from './topic-message.js';

/** Options of a pub/sub agent: those of every agent, but for what its subscriptions say. */
export interface PubSubAgentOptions<Topics extends readonly TopicDefinition[]> extends Omit<
  AgentOptions<MessageSchema<Topics>, Schema>,
  'input' | 'output' | 'batch'
> {
  /** It runs once for each message on one of these topics. */
  readonly subscribes: Topics;
}

type MessageSchema<Topics extends readonly TopicDefinition[]> = Schema<GivenMessage<Topics[number]>, TopicMessage<Topics[number]>>;

/** A message before its payload is parsed. */
export type GivenMessage<Topic extends TopicDefinition> = Topic extends TopicDefinition
  ? Omit<TopicMessage<Topic>, 'payload'> & { readonly payload: TopicInputOf<Topic> }
  : never;

/**
 * Defines an agent that is run by messages. Each message on a topic it subscribes becomes a task of the job in which it was
 * published: durable, at least once, in the order of the topic within the job. What it returns is the task's output.
 *
 * @throws ConfigError with every option that is wrong
 */
export function definePubSubAgent<const Topics extends readonly TopicDefinition[]>(
  options: PubSubAgentOptions<Topics> & { execute: (message: TopicMessage<Topics[number]>, ctx: TaskContext) => unknown },
): AgentDefinition<GivenMessage<Topics[number]>> {
  return createPubSubAgentDefinition(options as AnyPubSubOptions, options.execute, null) as AgentDefinition<GivenMessage<Topics[number]>>;
}

type AnyPubSubOptions = Omit<AgentOptions<Schema, Schema>, 'input' | 'output'> & {
  readonly subscribes: readonly TopicDefinition[];
};

/** Checks a pub/sub agent's options and completes them. `target` is the decorated class, where there is one. */
export function createPubSubAgentDefinition(
  options: AnyPubSubOptions,
  execute: (message: never, ctx: TaskContext) => unknown,
  target: AgentClass | null,
): AgentDefinition {
  const { subscribes, ...others } = options;
  const owner = `agent ${inMessage(options.name)}`;
  const problems = topicListProblems('subscribes', subscribes, owner);
  if (problems.length === 0 && ((subscribes as readonly TopicDefinition[] | undefined) ?? []).length === 0)
    problems.push(`\`subscribes\` of ${owner} must name at least one topic.`);
  for (const option of ['input', 'output', 'batch'])
    if (option in others) problems.push(`${owner} subscribes topics and can have no \`${option}\`: its input are their messages.`);
  if (problems.length > 0) throw new ConfigError(problems);
  const definition = createAgentDefinition({ ...others, input: messageSchemaOf(subscribes), output: anyJson }, execute, target);
  return { ...definition, subscribes: [...subscribes] };
}
