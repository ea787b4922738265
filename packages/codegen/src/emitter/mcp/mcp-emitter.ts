import type { Json, JsonObject } from '@taskloom/core';

import type { AgentEntry, Catalog } from '../../shape/catalog.js';
import type { Emission, Emitter } from '../emitter.js';
import { jsonSchemaOfDocument } from '../json-schema/document-json-schema.js';
import { HEADER } from '../text/header.js';
import { nameCollisions } from '../text/name-collisions.js';

/** Where the manifest lies in the output folder. */
export const MCP_PATH = 'mcp/tools.json';

/** Characters that the Model Context Protocol allows in the name of a tool, and how many. */
const NOT_ALLOWED = /[^A-Za-z0-9_.-]/g;
const NAME_CHARS = 128;

/**
 * Agents as tools of the Model Context Protocol, as `tools/list` answers them. The protocol takes objects only: another
 * input or output stands under `value`, and `_meta` says so.
 */
export const mcpEmitter: Emitter = {
  name: 'mcp',
  emit(catalog: Catalog): Emission {
    // Who is run by messages is nothing to call.
    const agents = catalog.agents.filter(({ subscribes }) => subscribes.length === 0);
    const diagnostics = nameCollisions(
      agents,
      ({ name }) => toolNameOf(name),
      (name) => `would both be the MCP tool ${name}`,
    );
    const text = JSON.stringify({ $comment: HEADER, tools: agents.map(toolOf) }, null, 2);
    return { files: [{ path: MCP_PATH, text: `${text}\n` }], diagnostics };
  },
};

function toolNameOf(name: string): string {
  return name.replace(NOT_ALLOWED, '_').slice(0, NAME_CHARS);
}

function toolOf(agent: AgentEntry): JsonObject {
  const input = objectSchema(jsonSchemaOfDocument(agent.input));
  const output = objectSchema(jsonSchemaOfDocument(agent.output));
  const wrapped = [...(input.isWrapped ? ['input'] : []), ...(output.isWrapped ? ['output'] : [])];
  return {
    name: toolNameOf(agent.name),
    ...(agent.description === '' ? undefined : { description: agent.description }),
    inputSchema: input.schema,
    outputSchema: output.schema,
    _meta: {
      'taskloom/agent': agent.name,
      'taskloom/version': agent.version,
      ...(wrapped.length > 0 ? { 'taskloom/wrapped': wrapped } : undefined),
    },
  };
}

function objectSchema(schema: JsonObject): { readonly schema: JsonObject; readonly isWrapped: boolean } {
  const { $schema: _dialect, $defs, ...rest } = schema;
  if (schema['type'] === 'object') return { schema: $defs === undefined ? rest : { ...rest, $defs }, isWrapped: false };
  const wrapped = { type: 'object', properties: { value: moved(rest) as JsonObject }, required: ['value'], additionalProperties: false };
  return { schema: $defs === undefined ? wrapped : { ...wrapped, $defs }, isWrapped: true };
}

/** A schema one level further down: references to parts of itself lead there, those to definitions stay. */
function moved(schema: Json | undefined): Json | undefined {
  if (typeof schema !== 'object' || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map((item: Json) => moved(item)!);
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => {
      const isOwn = key === '$ref' && typeof value === 'string' && value.startsWith('#') && !value.startsWith('#/$defs/');
      return [key, isOwn ? `#/properties/value${value.slice(1)}` : moved(value)];
    }),
  );
}
