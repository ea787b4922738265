import { ConfigError } from '../errors/definition-errors.js';
import { TaskloomError } from '../errors/taskloom-error.js';
import { isName, NAME_RULE } from '../kernel/ids.js';
import { inMessage } from '../kernel/in-message.js';
import type { JsonObject } from '../kernel/json.js';
import { isSchema, jsonSchemaOf, type Schema, type SchemaInput, type SchemaOutput } from './schema.js';
import { unknownOption } from './unknown-option.js';

/** Options of {@link defineTopic}. */
export interface TopicOptions<Name extends string, Payload extends Schema> {
  /** Unique among the topics of an application; stored messages refer to it. */
  readonly name: Name;
  readonly description?: string;
  /** Checks what is published; each subscriber gets the parsed value. */
  readonly payload: Payload;
}

/** What agents publish on and subscribe to. Made by {@link defineTopic}. */
export interface TopicDefinition<Name extends string = string, Payload = unknown, Given = unknown> {
  readonly kind: 'topic';
  readonly name: Name;
  readonly description: string;
  readonly payloadSchema: Schema;
  /** JSON Schema of what publishers give. */
  readonly payloadJsonSchema: JsonObject;
  /** Type only: what publishers give and what subscribers get. */
  readonly '~types'?: { readonly input: Given; readonly output: Payload };
}

/** What publishers give to a topic, before defaults and transforms. */
export type TopicInputOf<Topic extends TopicDefinition> = Topic extends TopicDefinition<string, unknown, infer Given> ? Given : never;

/** What a subscriber gets; over a union of topics, one message type for each. */
export type TopicMessage<Topic extends TopicDefinition> =
  Topic extends TopicDefinition<infer Name, infer Payload>
    ? {
        readonly topic: Name;
        readonly payload: Payload;
        /** Of the publication: the same for all its subscribers, and for every delivery of it. */
        readonly id: string;
        /** Id of the task that published it. */
        readonly publishedBy: string;
        /** ISO 8601, in UTC. */
        readonly publishedAt: string;
      }
    : never;

const KNOWN_OPTIONS = ['name', 'description', 'payload'];

/**
 * Defines a topic: agents publish on it (`ctx.publish`), and every pub/sub agent that subscribes it gets each message.
 *
 * @throws ConfigError with every option that is wrong; TaskloomError `NAME_INVALID`, `SCHEMA_MISSING`, `SCHEMA_NOT_JSON`
 */
export function defineTopic<const Name extends string, Payload extends Schema>(
  options: TopicOptions<Name, Payload>,
): TopicDefinition<Name, SchemaOutput<Payload>, SchemaInput<Payload>> {
  const { name, description = '', payload } = options;
  if (!isName(name)) throw new TaskloomError('NAME_INVALID', `${inMessage(name)} cannot name a topic: use ${NAME_RULE}.`);
  const owner = `topic ${inMessage(name)}`;
  const problems: string[] = [];
  for (const key of Object.keys(options)) if (!KNOWN_OPTIONS.includes(key)) problems.push(unknownOption(owner, key, KNOWN_OPTIONS));
  if (payload === undefined)
    throw new TaskloomError('SCHEMA_MISSING', `The ${owner} has no payload schema.`, { details: { topic: name, side: 'payload' } });
  if (!isSchema(payload))
    problems.push(`\`payload\` of ${owner} is no schema: it must implement Standard Schema with JSON Schema (zod 4.2 or later does).`);
  if (problems.length > 0) throw new ConfigError(problems);
  return { kind: 'topic', name, description, payloadSchema: payload, payloadJsonSchema: jsonSchemaOf(payload, 'input', owner) };
}

/** Everything that is wrong with a list of topics. */
export function topicListProblems(option: string, topics: unknown, owner: string): string[] {
  if (topics === undefined) return [];
  if (!Array.isArray(topics) || !topics.every(isTopic))
    return [`\`${option}\` of ${owner} must be a list of topics made by \`defineTopic\`.`];
  const names = topics.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice === undefined ? [] : [`\`${option}\` of ${owner} names the topic "${twice}" twice.`];
}

function isTopic(value: unknown): value is TopicDefinition {
  return typeof value === 'object' && value !== null && (value as Partial<TopicDefinition>).kind === 'topic';
}
