import type { Json, JsonObject, Schema } from '@taskloom/core';

import { Converter } from './converter.js';
import { issuesOf } from './issues.js';
import { LIVE_TYPE } from './live-values.js';
import { SchemaTree } from './schema-node.js';
import { Validator } from './validator.js';

type Validate = Schema['~standard']['validate'];

/**
 * A Standard Schema for a JSON Schema that the generator derived from types.
 *
 * - `input`: JSON is checked, then becomes what the type says (a `Date` where the type has one); defaults are filled in.
 * - `output`: what code returned becomes JSON, without properties that the type does not have; then that is checked.
 */
export function derivedSchema(marked: JsonObject, direction: 'input' | 'output'): Schema {
  const validator = new Validator(marked);
  const tree = new SchemaTree(marked);
  const converter = new Converter(tree, (node, json) => validator.fits(node, json));
  const convertsInput = /"(?:x-taskloom|default)":/.test(JSON.stringify(marked));
  const validateInput: Validate = (value) => {
    const errors = validator.errors(value);
    if (errors.length > 0) return { issues: issuesOf(errors) };
    return { value: convertsInput ? converter.toLive(value) : value };
  };
  const validateOutput: Validate = (value) => {
    const json = converter.toJson(value);
    const errors = validator.errors(json);
    return errors.length > 0 ? { issues: issuesOf(errors) } : { value: json };
  };
  const jsonSchema = ({ target }: { readonly target: string }): Record<string, unknown> => {
    if (target !== 'draft-2020-12') throw new Error(`Derived schemas are written as draft-2020-12 only, not as ${target}.`);
    return unmarked(marked) as Record<string, unknown>;
  };
  return {
    '~standard': {
      version: 1,
      vendor: 'taskloom',
      validate: direction === 'input' ? validateInput : validateOutput,
      jsonSchema: { input: jsonSchema, output: jsonSchema },
    },
  };
}

/** Keywords whose values are data and no schemas. */
const DATA: ReadonlySet<string> = new Set(['default', 'examples', 'const', 'enum']);

/** The schema for everyone else: without the marks, which are no keyword of JSON Schema. */
function unmarked(schema: Json | undefined): unknown {
  if (Array.isArray(schema)) return (schema as readonly Json[]).map(unmarked);
  if (typeof schema !== 'object' || schema === null) return schema;
  // A mark is a text; a property of that name has a schema.
  const members = Object.entries(schema as JsonObject).filter(([key, value]) => key !== LIVE_TYPE || typeof value !== 'string');
  return Object.fromEntries(members.map(([key, value]) => [key, DATA.has(key) ? value : unmarked(value)]));
}
