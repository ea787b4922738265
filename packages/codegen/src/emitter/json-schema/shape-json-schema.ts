import type { Json, JsonObject } from '@taskloom/core';

import type { Annotations } from '../../shape/annotations.js';
import type { ArrayShape, NumberShape, ObjectShape, Shape, StringShape, TupleShape, UnionShape } from '../../shape/shape.js';

type Keywords = { [keyword: string]: Json | undefined };

export interface JsonSchemaOptions {
  /**
   * Whether to mark values that the manifest converts at run time, with the keyword `x-taskloom`. Only the manifest does:
   * to everyone else the value is what JSON holds.
   */
  readonly marks: boolean;
}

/** A shape as a JSON Schema 2020-12, annotations first. Definitions are referred to at `#/$defs`. */
export function jsonSchemaOfShape(shape: Shape, options: JsonSchemaOptions): JsonObject {
  return defined({ ...annotationKeywords(shape.annotations), ...keywordsOf(shape, (part) => jsonSchemaOfShape(part, options), options) });
}

/** Writes a part of the shape at hand. */
type Write = (part: Shape) => JsonObject;

function keywordsOf(shape: Shape, write: Write, options: JsonSchemaOptions): Keywords {
  switch (shape.kind) {
    case 'any':
      return {};
    case 'never':
      return { not: {} };
    case 'null':
    case 'boolean':
      return { type: shape.kind };
    case 'string':
      return stringKeywords(shape);
    case 'number':
      return numberKeywords(shape);
    case 'literal':
      return { type: typeOfValues([shape.value]), const: shape.value };
    case 'enum':
      return enumKeywords(shape.values);
    case 'array':
      return arrayKeywords(shape, write);
    case 'tuple':
      return tupleKeywords(shape, write);
    case 'object':
      return objectKeywords(shape, write);
    case 'union':
      return unionKeywords(shape, write);
    case 'intersection':
      return { allOf: shape.members.map(write) };
    case 'converted':
      return { ...write(shape.wire), ...(options.marks ? { 'x-taskloom': shape.to } : undefined) };
    case 'ref':
      return { $ref: `#/$defs/${pointerSegment(shape.to)}` };
  }
}

function stringKeywords({ minLength, maxLength, pattern, format, contentEncoding }: StringShape): Keywords {
  return { type: 'string', minLength, maxLength, pattern, format, contentEncoding };
}

function numberKeywords({ integer, minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf }: NumberShape): Keywords {
  return { type: integer ? 'integer' : 'number', minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf };
}

function enumKeywords(values: readonly Json[]): Keywords {
  return { type: typeOfValues(values), enum: [...values] };
}

/** The type or types of scalar values; nothing where there are others among them. */
function typeOfValues(values: readonly Json[]): Json | undefined {
  const types = [...new Set(values.map((value) => (value === null ? 'null' : typeof value)))];
  if (types.length === 0 || types.includes('object')) return undefined;
  return types.length === 1 ? types[0] : types;
}

function arrayKeywords({ items, minItems, maxItems, uniqueItems }: ArrayShape, write: Write): Keywords {
  return { type: 'array', items: write(items), minItems, maxItems, uniqueItems };
}

function tupleKeywords({ items, rest }: TupleShape, write: Write): Keywords {
  const required = items.filter(({ optional }) => !optional).length;
  return {
    type: 'array',
    prefixItems: items.length === 0 ? undefined : items.map(({ shape }) => write(shape)),
    items: rest ? write(rest) : false,
    minItems: required,
    maxItems: rest ? undefined : items.length,
  };
}

function objectKeywords(
  { properties, patterns = [], additional, propertyNames, minProperties, maxProperties }: ObjectShape,
  write: Write,
): Keywords {
  const members = record(properties.map(({ name, shape }) => [name, write(shape)]));
  const required = properties.filter(({ optional }) => !optional).map(({ name }) => name);
  return {
    type: 'object',
    properties: properties.length === 0 && additional ? undefined : members,
    required: required.length === 0 ? undefined : required,
    patternProperties: patterns.length === 0 ? undefined : record(patterns.map(({ pattern, shape }) => [pattern, write(shape)])),
    propertyNames: propertyNames ? write(propertyNames) : undefined,
    additionalProperties: additional ? write(additional) : false,
    minProperties,
    maxProperties,
  };
}

/** An object with these members and no prototype, so that `__proto__` is a name like any other. */
function record(members: readonly (readonly [string, JsonObject])[]): JsonObject {
  const object = Object.create(null) as { [name: string]: JsonObject };
  for (const [name, value] of members) object[name] = value;
  return object;
}

function unionKeywords({ members }: UnionShape, write: Write): Keywords {
  const bare = members.every((member) => isBare(member));
  if (bare) return { type: [...new Set(members.map(({ kind }) => kind))] };
  return { anyOf: members.map(write) };
}

/** Whether a shape says its type and nothing else. */
function isBare(shape: Shape): boolean {
  const isPlain = shape.kind === 'string' || shape.kind === 'number' || shape.kind === 'boolean' || shape.kind === 'null';
  return isPlain && Object.keys(shape).length === 1;
}

function annotationKeywords(annotations: Annotations | undefined): Keywords {
  if (!annotations) return {};
  const { title, description, deprecated, examples } = annotations;
  return {
    title,
    description,
    deprecated: deprecated ? true : undefined,
    default: annotations.default,
    examples: examples ? [...examples] : undefined,
  };
}

function defined(keywords: Keywords): JsonObject {
  return Object.fromEntries(Object.entries(keywords).filter(([, value]) => value !== undefined));
}

function pointerSegment(name: string): string {
  return encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'));
}
