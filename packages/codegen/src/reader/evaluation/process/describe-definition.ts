import type { JsonObject } from '@taskloom/core';

import type { EvaluatedBinding, EvaluatedSide, EvaluatedTopic } from '../evaluation-protocol.js';

/** Where decorators keep their options; the same global symbols as in @taskloom/decorators. */
const OPTION_KEYS = ['taskloom.agent-options', 'taskloom.pubsub-agent-options', 'taskloom.workflow-options'].map((key) => Symbol.for(key));

/** What a decorated class or a definition says of itself, or `null` when it is neither. */
export function describeDefinition(value: unknown): EvaluatedBinding | null {
  const options = optionsOf(value);
  if (!options) return null;
  return {
    description: textOf(options['description']),
    version: textOf(options['version']),
    capabilities: Array.isArray(options['capabilities']) ? options['capabilities'].map(String) : null,
    input: sideOf(options['input'], 'input'),
    output: sideOf(options['output'], 'output'),
    subscribes: topicsOf(options['subscribes']),
    publishes: topicsOf(options['publishes']),
  };
}

/** The options of a decorated class or of a definition. */
export function optionsOf(value: unknown): Record<string, unknown> | null {
  return typeof value === 'function' ? ownOptions(value) : asDefinition(value);
}

function ownOptions(target: object): Record<string, unknown> | null {
  const { getOwnMetadata } = Reflect as { getOwnMetadata?: (key: symbol, target: object) => unknown };
  for (const key of OPTION_KEYS) {
    const options = getOwnMetadata?.(key, target);
    if (typeof options === 'object' && options !== null) return options as Record<string, unknown>;
  }
  return null;
}

/** A definition made by `defineAgent` and its like holds its schemas under names of its own. */
function asDefinition(value: unknown): Record<string, unknown> | null {
  if (typeof value !== 'object' || value === null || !('inputSchema' in value) || !('kind' in value)) return null;
  const definition = value as Record<string, unknown>;
  return { ...definition, input: definition['inputSchema'], output: definition['outputSchema'] ?? undefined };
}

function topicsOf(topics: unknown): readonly EvaluatedTopic[] | null {
  if (topics === undefined) return [];
  if (!Array.isArray(topics)) return null;
  const described = topics.map(topicOf);
  return described.every((topic) => topic !== null) ? described : null;
}

function topicOf(value: unknown): EvaluatedTopic | null {
  if (typeof value !== 'object' || value === null || (value as { kind?: unknown }).kind !== 'topic') return null;
  const { name, description, payloadJsonSchema } = value as { name: string; description: string; payloadJsonSchema: JsonObject };
  return { name, description, payload: JSON.parse(JSON.stringify(payloadJsonSchema)) as JsonObject };
}

function sideOf(schema: unknown, side: 'input' | 'output'): EvaluatedSide | null {
  if (schema === undefined) return null;
  const standard = standardOf(schema);
  if (!standard) return { kind: 'not-standard' };
  try {
    // Through JSON, so that what arrives is what would be written.
    return { kind: 'schema', schema: JSON.parse(JSON.stringify(standard.jsonSchema[side]({ target: 'draft-2020-12' }))) as JsonObject };
  } catch (error) {
    return { kind: 'not-json', reason: error instanceof Error ? error.message : String(error) };
  }
}

interface Standard {
  readonly jsonSchema: Record<'input' | 'output', (options: { readonly target: string }) => unknown>;
}

function standardOf(schema: unknown): Standard | null {
  if ((typeof schema !== 'object' && typeof schema !== 'function') || schema === null || !('~standard' in schema)) return null;
  const standard = schema['~standard'] as Partial<Standard> | null;
  return typeof standard?.jsonSchema?.input === 'function' && typeof standard.jsonSchema.output === 'function'
    ? (standard as Standard)
    : null;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
