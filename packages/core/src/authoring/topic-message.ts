import type { StandardSchemaV1 } from '@standard-schema/spec';

import type { JsonObject } from '../kernel/json.js';
import type { Schema } from './schema.js';
import type { TopicDefinition } from './topic.js';

const ENVELOPE = ['topic', 'payload', 'id', 'publishedBy', 'publishedAt'] as const;

/** The input schema of an agent that subscribes the topics: a message of one of them, its payload as the topic's schema parses it. */
export function messageSchemaOf(topics: readonly TopicDefinition[]): Schema {
  const byName = new Map(topics.map((topic) => [topic.name, topic]));
  const json = (): JsonObject => ({ oneOf: topics.map(messageJsonSchema) });
  return {
    '~standard': {
      version: 1,
      vendor: 'taskloom',
      validate: (value) => validateMessage(byName, value),
      jsonSchema: { input: json, output: json },
    },
  };
}

function validateMessage(
  topics: ReadonlyMap<string, TopicDefinition>,
  value: unknown,
): StandardSchemaV1.Result<unknown> | Promise<StandardSchemaV1.Result<unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { issues: [{ message: 'expected a message' }] };
  const message = value as Readonly<Record<(typeof ENVELOPE)[number], unknown>>;
  const topic = typeof message.topic === 'string' ? topics.get(message.topic) : undefined;
  const issues: StandardSchemaV1.Issue[] = [];
  if (!topic) issues.push({ path: ['topic'], message: `expected one of ${[...topics.keys()].join(', ')}` });
  for (const key of ['id', 'publishedBy', 'publishedAt'] as const)
    if (typeof message[key] !== 'string') issues.push({ path: [key], message: 'expected a text' });
  if (!topic || issues.length > 0) return { issues };
  const pending = topic.payloadSchema['~standard'].validate(message.payload);
  const finish = (result: StandardSchemaV1.Result<unknown>): StandardSchemaV1.Result<unknown> =>
    result.issues
      ? { issues: result.issues.map((issue) => ({ message: issue.message, path: ['payload', ...(issue.path ?? [])] })) }
      : { value: { ...message, payload: result.value } };
  return pending instanceof Promise ? pending.then(finish) : finish(pending);
}

function messageJsonSchema({ name, description, payloadJsonSchema }: TopicDefinition): JsonObject {
  const text = { type: 'string' };
  return {
    type: 'object',
    ...(description === '' ? undefined : { description }),
    properties: {
      topic: { const: name },
      payload: asPart(payloadJsonSchema, name),
      id: text,
      publishedBy: text,
      publishedAt: { type: 'string', format: 'date-time' },
    },
    required: [...ENVELOPE],
    additionalProperties: false,
  };
}

/** A schema inside another one: its references go on meaning what they meant. */
function asPart({ $schema: _dialect, ...schema }: JsonObject, name: string): JsonObject {
  if (!JSON.stringify(schema).includes('"$ref":')) return schema;
  const { $defs, definitions, ...rest } = schema;
  return {
    $id: `taskloom://topics/${name}`,
    allOf: [rest],
    ...($defs === undefined ? undefined : { $defs }),
    ...(definitions === undefined ? undefined : { definitions }),
  };
}

/** Any JSON; nothing counts as `null`. */
export const anyJson: Schema = {
  '~standard': {
    version: 1,
    vendor: 'taskloom',
    validate: (value) => ({ value: value === undefined ? null : value }),
    jsonSchema: { input: () => ({}), output: () => ({}) },
  },
};
