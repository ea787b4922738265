import type { Json } from '@taskloom/core';
import * as fc from 'fast-check';

import { resolveShape } from '../../src/shape/ambiguity.js';
import type { NumberShape, ObjectShape, Shape, StringShape } from '../../src/shape/shape.js';
import { partsOf } from '../../src/shape/visit-shapes.js';

type Definitions = ReadonlyMap<string, Shape>;

const FORMATS: { readonly [format: string]: fc.Arbitrary<string> } = {
  'date-time': fc.date({ noInvalidDate: true, min: new Date('1970-01-01'), max: new Date('2100-01-01') }).map((date) => date.toISOString()),
  email: fc.constantFrom('a@b.org', 'x.y@example.com'),
  uuid: fc.uuid(),
  uri: fc.constantFrom('https://example.org/', 'https://example.org/a?b=c#d', 'urn:a:b'),
};

/** JSON values that a shape allows. Below `depth` 0 recursion takes the shortest way out. */
export function arbitraryOf(shape: Shape, definitions: Definitions, depth = 4): fc.Arbitrary<Json> {
  const of = (part: Shape): fc.Arbitrary<Json> => arbitraryOf(part, definitions, depth - 1);
  const resolved = resolveShape(shape, definitions);
  switch (resolved.kind) {
    case 'any':
      return fc.jsonValue({ maxDepth: 2 });
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'string':
      return textOf(resolved);
    case 'number':
      return numberOf(resolved);
    case 'literal':
      return fc.constant(resolved.value);
    case 'enum':
      return fc.constantFrom(...resolved.values);
    case 'array': {
      const { minItems = 0, maxItems = Math.max(minItems, depth > 0 ? 3 : 0) } = resolved;
      if (maxItems === 0) return fc.constant([]);
      const items = of(resolved.items);
      const length = { minLength: minItems, maxLength: Math.min(maxItems, minItems + (depth > 0 ? 3 : 0)) };
      return resolved.uniqueItems
        ? fc.uniqueArray(items, { ...length, selector: (item) => JSON.stringify(item) })
        : fc.array(items, length);
    }
    case 'tuple': {
      const required = resolved.items.filter(({ optional }) => !optional).length;
      const all = fc.tuple(...resolved.items.map((item) => of(item.shape)));
      const rest = resolved.rest && depth > 0 ? fc.array(of(resolved.rest), { maxLength: 2 }) : fc.constant([]);
      return fc
        .tuple(all, rest, fc.integer({ min: required, max: resolved.items.length }))
        .map(([items, more, length]) => (length === items.length ? [...items, ...more] : items.slice(0, length)));
    }
    case 'object':
      return objectOf(resolved, definitions, depth);
    case 'union': {
      const members = depth > 0 ? resolved.members : [shallowest(resolved.members, definitions)];
      return fc.oneof(...members.map(of));
    }
    case 'converted':
      // Pairs become a Map, which has each key once.
      return resolved.to === 'entries'
        ? of(resolved.wire).map((pairs) => [...new Map((pairs as [Json, Json][]).map((pair) => [JSON.stringify(pair[0]), pair])).values()])
        : of(resolved.wire);
    default:
      throw new Error(`no values for a shape of kind ${resolved.kind}`);
  }
}

function textOf({ minLength = 0, maxLength = minLength + 8, pattern, format, contentEncoding }: StringShape): fc.Arbitrary<string> {
  if (contentEncoding === 'base64') return fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64'));
  if (format !== undefined) return FORMATS[format] ?? fc.string();
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern, 'u'));
  return fc.string({ minLength, maxLength });
}

function numberOf(shape: NumberShape): fc.Arbitrary<number> {
  const { minimum = shape.exclusiveMinimum ?? -1_000, maximum = shape.exclusiveMaximum ?? 1_000, multipleOf } = shape;
  if (shape.integer) return fc.integer({ min: Math.ceil(minimum), max: Math.floor(maximum) });
  if (multipleOf !== undefined)
    return fc.integer({ min: Math.ceil(minimum / multipleOf), max: Math.floor(maximum / multipleOf) }).map((times) => times * multipleOf);
  return fc
    .double({
      min: minimum,
      max: maximum,
      noNaN: true,
      minExcluded: shape.exclusiveMinimum !== undefined,
      maxExcluded: shape.exclusiveMaximum !== undefined,
    })
    .map((value) => (value === 0 ? 0 : value));
}

function objectOf(shape: ObjectShape, definitions: Definitions, depth: number): fc.Arbitrary<Json> {
  const present = shape.properties.filter(({ optional }) => depth > 0 || !optional);
  const listed = fc.record(
    Object.fromEntries(present.map(({ name, shape: value }) => [name, arbitraryOf(value, definitions, depth - 1)])),
    {
      requiredKeys: present.filter(({ optional }) => !optional).map(({ name }) => name),
      noNullPrototype: true,
    },
  );
  const known = new Set(shape.properties.map(({ name }) => name));
  const others = [
    ...(shape.patterns ?? []).map(({ pattern, shape: value }) => ({ key: fc.stringMatching(new RegExp(pattern, 'u')), value })),
    ...(shape.additional ? [{ key: keyOf(shape), value: shape.additional }] : []),
  ];
  const minLength = Math.max(0, (shape.minProperties ?? 0) - shape.properties.length);
  const maxLength = depth > 0 ? Math.max(minLength, Math.min(2, shape.maxProperties ?? 2)) : minLength;
  const more = others.map(({ key, value }) =>
    fc.uniqueArray(
      fc.tuple(
        key.filter((name) => !known.has(name) && name !== '__proto__'),
        arbitraryOf(value, definitions, depth - 1),
      ),
      { minLength, maxLength, selector: ([name]) => name },
    ),
  );
  return fc.tuple(listed, ...more).map(([object, ...lists]) => ({ ...object, ...Object.fromEntries(lists.flat()) }));
}

function keyOf(shape: ObjectShape): fc.Arbitrary<string> {
  return shape.propertyNames?.kind === 'string' ? textOf(shape.propertyNames) : fc.string({ maxLength: 6 });
}

/** The member with the fewest shapes around a reference. */
function shallowest(members: readonly Shape[], definitions: Definitions): Shape {
  const weight = (shape: Shape, left: number): number =>
    left === 0 ? 1_000 : partsOf(resolveShape(shape, definitions)).reduce((sum, part) => sum + weight(part, left - 1), 1);
  return [...members].sort((a, b) => weight(a, 5) - weight(b, 5))[0]!;
}
