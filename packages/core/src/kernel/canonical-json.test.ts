import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { canonicalJson, hashJson } from './canonical-json.js';
import type { Json } from './json.js';

/** The same value with its keys in another order. */
function shuffled(value: Json): Json {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, shuffled(item as Json)]),
  );
}

const values = fc.jsonValue({ maxDepth: 5 }) as fc.Arbitrary<Json>;

describe('canonical JSON', () => {
  it('is one text for one value, whatever the order of its keys', () => {
    fc.assert(fc.property(values, (value) => expect(canonicalJson(shuffled(value))).toBe(canonicalJson(value))));
  });

  it('is JSON of that value', () => {
    fc.assert(fc.property(values, (value) => expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))));
  });

  it.each<[Json, string]>([
    [{ b: 1, a: [2, { d: null, c: 'x' }] }, '{"a":[2,{"c":"x","d":null}],"b":1}'],
    [null, 'null'],
    [-0, '0'],
    [1e21, '1e+21'],
    ['é\u0000', '"é\\u0000"'],
    [{ a: 1, b: undefined }, '{"a":1}'],
    [{ '\ud83d\ude00': 1, '\uffff': 2 }, '{"😀":1,"\uffff":2}'],
  ])('of %j is %s', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it('is made of a text with a lone surrogate too', () => {
    expect(() => hashJson('\ud800')).not.toThrow();
    expect(hashJson('\ud800')).not.toBe(hashJson('\udc00'));
  });

  it('of values as deep as may be stored is made without using up the stack', () => {
    let deep: Json = 1;
    for (let level = 0; level < 200; level += 1) deep = { a: deep };

    expect(hashJson(deep)).toHaveLength(43);
  });
});

describe('the hash of a value', () => {
  it('is 43 characters that stand in a URL, the same for the same value', () => {
    expect(hashJson({ a: 1, b: 2 })).toMatch(/^[\w-]{43}$/);
    expect(hashJson({ a: 1, b: 2 })).toBe(hashJson({ b: 2, a: 1 }));
  });

  it('tells apart what differs', () => {
    const all: Json[] = [null, false, 0, '', '0', [], {}, [null], [[]], { a: null }, { a: [] }, 'null', '{}'];

    expect(new Set(all.map(hashJson)).size).toBe(all.length);
  });
});
