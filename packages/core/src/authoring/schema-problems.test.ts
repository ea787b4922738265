import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import type { JsonObject } from '../kernel/json.js';
import { isSlowPattern } from '../runtime/slow-pattern.js';
import { findAnswerSchemaProblem, findSchemaProblem } from './schema-problems.js';

/** `levels` schemas, each the items of the one around it. */
function nested(levels: number): JsonObject {
  let schema: JsonObject = { type: 'string' };
  for (let level = 1; level < levels; level += 1) schema = { items: schema };
  return schema;
}

const Tree = z.object({
  name: z.string(),
  get children() {
    return z.array(Tree);
  },
});
const text = (more: JsonObject): JsonObject => ({ type: 'object', properties: { a: { type: 'string', ...more } } });

describe('a JSON Schema that others are given (bad input F8)', () => {
  it.each<[string, JsonObject, string, string]>([
    ['5,000 levels', nested(5_000), 'depth', ''],
    ['100,000 levels', nested(100_000), 'depth', ''],
    ['201 levels', nested(201), 'depth', ''],
    ['a remote reference', { properties: { a: { $ref: 'https://example.org/a.json' } } }, 'remote-reference', '/properties/a/$ref'],
    ['a reference to a file', { $ref: 'file:///etc/passwd' }, 'remote-reference', '/$ref'],
    ['a reference to a schema beside it', { allOf: [{ $ref: 'other' }] }, 'remote-reference', '/allOf/0/$ref'],
    ['a remote dynamic reference', { $dynamicRef: 'https://example.org/#a' }, 'remote-reference', '/$dynamicRef'],
    ['a remote reference where nothing refers to', { $defs: { a: { not: { $ref: '//x' } } } }, 'remote-reference', '/$defs/a/not/$ref'],
    ['a limit from the data', text({ maxLength: { $data: '/b' } }), 'data-reference', '/properties/a/maxLength'],
    ['a pattern from the data', text({ pattern: { $data: '1/b' } }), 'data-reference', '/properties/a/pattern'],
  ])('may not have %s', (_, schema, rule, path) => {
    expect(findSchemaProblem(schema)).toMatchObject({ rule, path });
  });

  it.each<[string, JsonObject]>([
    ['200 levels', nested(200)],
    ['references within itself', { $defs: { a: { items: { $ref: '#/$defs/a' } } }, $ref: '#/$defs/a' }],
    ['properties that are named like keywords', { properties: { $ref: { type: 'string' }, $data: { type: 'string' }, pattern: {} } }],
    ['values that look like keywords', { const: { $ref: 'https://example.org', $data: '/b' }, default: { $data: '/b' } }],
    ['a pattern without a bound, which its own library matches', text({ pattern: '^a' })],
  ])('may have %s', (_, schema) => {
    expect(findSchemaProblem(schema)).toBeNull();
  });
});

describe('a JSON Schema that answers are checked with (bad input F8)', () => {
  const find = (schema: JsonObject) => findAnswerSchemaProblem(schema, isSlowPattern);

  it.each<[string, JsonObject, string, string]>([
    ['a pattern without `maxLength`', text({ pattern: '^[a-z]+$' }), 'pattern-length', '/properties/a'],
    ['a pattern for more than 4,096 characters', text({ pattern: '^[a-z]+$', maxLength: 4_097 }), 'pattern-length', '/properties/a'],
    ['a pattern of exponential time', text({ pattern: '(a+)+$', maxLength: 30 }), 'pattern-time', '/properties/a/pattern'],
    ['another one', text({ pattern: '^(\\w+\\s?)*$', maxLength: 30 }), 'pattern-time', '/properties/a/pattern'],
    ['patterns of names without a bound', { patternProperties: { '^a': {} } }, 'property-name-length', ''],
    [
      'slow patterns of names',
      { patternProperties: { '(a+)+$': {} }, propertyNames: { maxLength: 30 } },
      'pattern-time',
      '/patternProperties/(a+)+$',
    ],
    ['unique objects without `maxItems`', { uniqueItems: true, items: { type: 'object' } }, 'unique-items', ''],
    ['unique things of any kind without `maxItems`', { uniqueItems: true }, 'unique-items', ''],
    ['a pattern somewhere below', { $defs: { x: { prefixItems: [{}, { pattern: 'a' }] } } }, 'pattern-length', '/$defs/x/prefixItems/1'],
    ['a reference to what is no schema', { default: { pattern: '(a+)+$' }, $ref: '#/default' }, 'reference-target', '/$ref'],
    ['more than 256 KiB', { enum: Array.from({ length: 50_000 }, (_, n) => `value ${n}`) }, 'size', ''],
  ])('may not have %s', (_, schema, rule, path) => {
    expect(find(schema)).toMatchObject({ rule, path });
  });

  it.each<[string, JsonObject]>([
    ['a pattern for up to 4,096 characters', text({ pattern: '^[a-z]+$', maxLength: 4_096 })],
    ['bound patterns of names', { patternProperties: { '^a': {} }, propertyNames: { maxLength: 30 } }],
    ['unique texts', { uniqueItems: true, items: { type: ['string', 'null'] } }],
    ['unique objects with `maxItems`', { uniqueItems: true, maxItems: 10, items: { type: 'object' } }],
    ['properties that are named like keywords', { properties: { pattern: { type: 'string' }, uniqueItems: { const: true } } }],
    ['references within itself', { $defs: { 'a b': { items: { $ref: '#' } } }, $ref: '#/$defs/a b' }],
  ])('may have %s', (_, schema) => {
    expect(find(schema)).toBeNull();
  });

  it.each<[string, z.ZodType]>([
    ['addresses of mail', z.email().max(254)],
    ['days', z.iso.date().max(10)],
    ['moments', z.iso.datetime().max(40)],
    ['UUIDs', z.uuid().max(36)],
    ['IP addresses', z.ipv6().max(45)],
    ['URLs, which have no pattern', z.url()],
    ['trees', Tree],
  ])('may be what zod makes of %s', (_, schema) => {
    const json = z.toJSONSchema(schema) as JsonObject;
    expect([findSchemaProblem(json), find(json)]).toEqual([null, null]);
  });
});
