import type { Json, JsonObject } from '@taskloom/core';

import type { SchemaDocument } from '../shape/schema-document.js';
import type { EvaluatedTopic } from './evaluation/evaluation-protocol.js';
import { readJsonSchema } from './json-schema/read-json-schema.js';

/** What runs an agent that subscribes the topics: a message of one of them. */
export function messageDocument(topics: readonly EvaluatedTopic[]): SchemaDocument {
  const parts = topics.map(partsOf);
  const $defs = Object.fromEntries(parts.flatMap(({ definitions }) => definitions));
  const messages = parts.map(({ message }) => message);
  return readJsonSchema({
    ...(messages.length === 1 ? messages[0] : { oneOf: messages }),
    ...(Object.keys($defs).length > 0 ? { $defs } : undefined),
  });
}

/** One message, and the definitions that its payload needs, under names that no other topic has. */
function partsOf({ name, description, payload }: EvaluatedTopic): {
  readonly message: JsonObject;
  readonly definitions: readonly (readonly [string, Json])[];
} {
  const { $schema: _dialect, $id: _id, $defs = {}, ...root } = payload;
  const refersToItself = JSON.stringify(payload).includes('"$ref"');
  const definitions = Object.entries($defs as JsonObject).map(
    ([definition, schema]) => [`${name}$${definition}`, referring(schema, name)] as const,
  );
  const text = { type: 'string' };
  return {
    message: {
      type: 'object',
      ...(description === '' ? undefined : { description }),
      properties: {
        topic: { const: name },
        payload: refersToItself ? { $ref: `#/$defs/${name}` } : root,
        id: { ...text, description: 'Of the publication: the same for all its subscribers.' },
        publishedBy: { ...text, description: 'The id of the task that published it.' },
        publishedAt: { ...text, format: 'date-time' },
      },
      required: ['topic', 'payload', 'id', 'publishedBy', 'publishedAt'],
      additionalProperties: false,
    },
    definitions: refersToItself ? [[name, referring(root, name)], ...definitions] : [],
  };
}

/** Keywords whose values are data and no schemas. */
const DATA: ReadonlySet<string> = new Set(['default', 'examples', 'const', 'enum']);

/** A payload's schema whose references lead to where its parts are now. */
function referring(schema: Json | undefined, topic: string): Json {
  if (Array.isArray(schema)) return (schema as readonly Json[]).map((item) => referring(item, topic));
  if (typeof schema !== 'object' || schema === null) return schema ?? null;
  return Object.fromEntries(
    Object.entries(schema as JsonObject).map(([key, value]) => {
      if (key === '$ref' && typeof value === 'string') return [key, movedRef(value, topic)];
      return [key, DATA.has(key) ? value! : referring(value, topic)];
    }),
  );
}

function movedRef(ref: string, topic: string): string {
  if (ref.startsWith('#/$defs/')) return `#/$defs/${topic}$${ref.slice('#/$defs/'.length)}`;
  return ref.startsWith('#') ? `#/$defs/${topic}${ref.slice(1)}` : ref;
}
