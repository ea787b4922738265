import type { Json } from '@taskloom/core';

import { acceptsValue } from './accepts-value.js';
import type { SchemaDocument } from './schema-document.js';
import type { NumberShape, ObjectShape, Shape, StringShape } from './shape.js';

type Definitions = ReadonlyMap<string, Shape>;

/** Levels that a sample shows. What would go deeper is left out where it may be. */
const MAX_DEPTH = 5;

const OF_FORMAT: { readonly [format: string]: string } = {
  'date-time': '2026-01-31T09:30:00Z',
  date: '2026-01-31',
  time: '09:30:00Z',
  duration: 'PT30M',
  email: 'someone@example.org',
  uuid: '3f2b1a90-6c4d-4e8f-9a10-1b2c3d4e5f60',
  uri: 'https://example.org/',
  'uri-reference': '/example',
  hostname: 'example.org',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
};

/** Tried in this order where a text has a pattern. */
const PATTERN_CANDIDATES = ['text', 'a', 'A', '1', '10', 'a-b', 'a.b', 'a/b', 'abc', 'ABC', 'a1', '1.0.0', 'AA==', '#aabbcc', '10.00', ''];

/**
 * The example that the sources give: the first `@example` of the whole value, else an object made of the examples, defaults
 * and constants of its properties. `undefined` where a property that must be there has none of them.
 */
export function declaredExample({ root, definitions }: SchemaDocument): Json | undefined {
  return checked(declared(root, definitions, MAX_DEPTH), root, definitions);
}

/** A value that fits: what the sources give where they do, and made up where they do not. `undefined` where none was found. */
export function sampleOf({ root, definitions }: SchemaDocument): Json | undefined {
  return checked(made(root, definitions, MAX_DEPTH), root, definitions);
}

function checked(value: Json | undefined, root: Shape, definitions: Definitions): Json | undefined {
  return value !== undefined && acceptsValue(root, value, definitions) ? value : undefined;
}

function declared(shape: Shape, definitions: Definitions, depth: number): Json | undefined {
  const said = annotated(shape);
  if (said !== undefined || depth === 0) return said;
  switch (shape.kind) {
    case 'literal':
      return shape.value;
    case 'null':
      return null;
    case 'ref':
      return declared(definitions.get(shape.to) ?? { kind: 'never' }, definitions, depth - 1);
    case 'converted':
      return declared(shape.wire, definitions, depth);
    case 'object':
      return objectOf(shape, (part) => declared(part, definitions, depth - 1));
    default:
      return undefined;
  }
}

function made(shape: Shape, definitions: Definitions, depth: number): Json | undefined {
  const said = annotated(shape);
  if (said !== undefined) return said;
  if (depth < 0) return undefined;
  const inner = (part: Shape): Json | undefined => made(part, definitions, depth - 1);
  switch (shape.kind) {
    case 'any':
    case 'null':
      return null;
    case 'never':
      return undefined;
    case 'boolean':
      return true;
    case 'string':
      return text(shape);
    case 'number':
      return number(shape);
    case 'literal':
      return shape.value;
    case 'enum':
      return shape.values[0];
    case 'array':
      return listOf(shape.items, shape.minItems, shape.maxItems, inner);
    case 'tuple':
      return complete(shape.items.map((item) => inner(item.shape)));
    case 'object':
      return objectOf(shape, inner) && withOthers(shape, objectOf(shape, inner)!, inner);
    case 'union':
      return firstOf(shape.members, inner);
    case 'intersection':
      return merged(shape.members.map(inner));
    case 'converted':
      return made(shape.wire, definitions, depth);
    case 'ref':
      return inner(definitions.get(shape.to) ?? { kind: 'never' });
  }
}

function annotated({ annotations }: Shape): Json | undefined {
  return annotations?.examples?.[0] ?? annotations?.default;
}

type Value = (shape: Shape) => Json | undefined;

/** What must be there and cannot be shown leaves nothing to show at all. */
function objectOf({ properties }: ObjectShape, valueOf: Value): { [name: string]: Json } | undefined {
  const result: { [name: string]: Json } = {};
  for (const { name, shape, optional } of properties) {
    const value = optional && shape.annotations?.deprecated ? undefined : valueOf(shape);
    if (value !== undefined) Object.defineProperty(result, name, { value, enumerable: true, configurable: true, writable: true });
    else if (!optional) return undefined;
  }
  return result;
}

/** A map shows one entry of it. */
function withOthers(shape: ObjectShape, known: { [name: string]: Json }, valueOf: Value): Json {
  if (shape.properties.length > 0 || !shape.additional) return known;
  const name = shape.propertyNames ? valueOf(shape.propertyNames) : 'name';
  const value = valueOf(shape.additional);
  return typeof name === 'string' && value !== undefined ? { [name]: value } : known;
}

function listOf(items: Shape, minItems = 0, maxItems = Infinity, valueOf: Value): Json | undefined {
  const length = Math.min(Math.max(minItems, 1), maxItems);
  if (length === 0) return [];
  const item = valueOf(items);
  if (item === undefined) return minItems === 0 ? [] : undefined;
  return Array.from({ length }, () => item);
}

function complete(values: readonly (Json | undefined)[]): Json | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === values.length ? known : undefined;
}

function firstOf(members: readonly Shape[], valueOf: Value): Json | undefined {
  for (const member of members) {
    const value = valueOf(member);
    if (value !== undefined) return value;
  }
  return undefined;
}

function merged(values: readonly (Json | undefined)[]): Json | undefined {
  const known = complete(values) as readonly Json[] | undefined;
  if (!known) return undefined;
  const areObjects = known.every((value) => typeof value === 'object' && value !== null && !Array.isArray(value));
  return areObjects ? (Object.assign({}, ...known) as Json) : known[0];
}

function text({ minLength = 0, maxLength = Infinity, pattern, format }: StringShape): string | undefined {
  const known = format === undefined ? undefined : OF_FORMAT[format];
  if (known !== undefined) return known;
  if (pattern === undefined) return 'text'.padEnd(minLength, '.').slice(0, maxLength);
  const expression = new RegExp(pattern, 'u');
  return PATTERN_CANDIDATES.find((one) => one.length >= minLength && one.length <= maxLength && expression.test(one));
}

function number({ integer, minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf }: NumberShape): number {
  const step = multipleOf ?? (integer ? 1 : 0.5);
  const lowest = minimum ?? (exclusiveMinimum === undefined ? undefined : exclusiveMinimum + step);
  if (lowest !== undefined) return Math.ceil(lowest / step) * step;
  const highest = maximum ?? (exclusiveMaximum === undefined ? undefined : exclusiveMaximum - step);
  return highest !== undefined && highest < 1 ? Math.floor(highest / step) * step : (multipleOf ?? 1);
}
