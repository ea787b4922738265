import { describe, expect, it } from '@jest/globals';
import type { JsonObject, Schema } from '@taskloom/core';
import * as fc from 'fast-check';

import { derivedSchema } from './derived-schema.js';

type Result = { readonly value: unknown } | { readonly issues: readonly { readonly message: string; readonly path: readonly unknown[] }[] };

function check(schema: Schema, value: unknown): Result {
  return schema['~standard'].validate(value) as Result;
}

/** What goes in, as code sees it. */
function input(schema: JsonObject, value: unknown): Result {
  return check(derivedSchema(schema, 'input'), value);
}

/** What comes out, as it is stored. */
function output(schema: JsonObject, value: unknown): Result {
  return check(derivedSchema(schema, 'output'), value);
}

const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
  ...more,
});

const DATE = { type: 'string', format: 'date-time', 'x-taskloom': 'date' };
const BIGINT = { type: 'string', pattern: '^-?(?:0|[1-9][0-9]*)$', 'x-taskloom': 'bigint' };
const BYTES = { type: 'string', contentEncoding: 'base64', 'x-taskloom': 'bytes' };
const URL_TEXT = { type: 'string', format: 'uri', 'x-taskloom': 'url' };
const SET_OF_DATES = { type: 'array', items: DATE, uniqueItems: true, 'x-taskloom': 'set' };
const MAP_OF_DATES = { type: 'object', additionalProperties: DATE, 'x-taskloom': 'map' };
const ENTRIES = {
  type: 'array',
  items: { type: 'array', prefixItems: [{ type: 'number' }, DATE], items: false, minItems: 2, maxItems: 2 },
  'x-taskloom': 'entries',
};
const LIVE = { at: DATE, big: BIGINT, bytes: BYTES, link: URL_TEXT, set: SET_OF_DATES, map: MAP_OF_DATES, entries: ENTRIES };

describe('a derived input schema', () => {
  it('gives the value itself where nothing is to be converted', () => {
    const value = { text: 'a', nested: { list: [1] } };
    const schema = object({ text: { type: 'string' }, nested: object({ list: { type: 'array', items: { type: 'number' } } }) });
    expect((input(schema, value) as { value: unknown }).value).toBe(value);
  });

  it('makes live values of JSON', () => {
    const json = {
      at: '2026-01-02T03:04:05.000Z',
      big: '-12345678901234567890',
      bytes: 'AQID',
      link: 'https://example.org/a?b',
      set: ['2026-01-01T00:00:00.000Z'],
      map: { first: '2026-01-01T00:00:00.000Z' },
      entries: [[1, '2026-01-01T00:00:00.000Z']],
    };
    expect(input(object(LIVE), json)).toEqual({
      value: {
        at: new Date('2026-01-02T03:04:05Z'),
        big: -12345678901234567890n,
        bytes: new Uint8Array([1, 2, 3]),
        link: new URL('https://example.org/a?b'),
        set: new Set([new Date('2026-01-01')]),
        map: new Map([['first', new Date('2026-01-01')]]),
        entries: new Map([[1, new Date('2026-01-01')]]),
      },
    });
  });

  it('gives a Buffer where the type has one', () => {
    const { value } = input({ ...BYTES, 'x-taskloom': 'buffer' }, 'AQID') as { value: unknown };
    expect(Buffer.isBuffer(value) && value.equals(Buffer.from([1, 2, 3]))).toBe(true);
  });

  it('fills in defaults, a new one each time, and does not change what it was given', () => {
    const schema = derivedSchema(
      object(
        {
          list: { type: 'array', items: { type: 'string' }, default: ['a'] },
          at: { ...DATE, default: '2026-01-01T00:00:00Z' },
          text: { type: 'string' },
        },
        { required: ['text'] },
      ),
      'input',
    );
    const given = { text: 'x' };
    const first = check(schema, given) as { value: { list: string[] } };
    expect(first).toEqual({ value: { text: 'x', list: ['a'], at: new Date('2026-01-01') } });
    first.value.list.push('b');
    expect(check(schema, given)).toEqual({ value: { text: 'x', list: ['a'], at: new Date('2026-01-01') } });
    expect(given).toEqual({ text: 'x' });
  });

  it('converts the member of a union that the value is', () => {
    const schema = {
      anyOf: [object({ kind: { const: 'at' }, at: DATE }), object({ kind: { const: 'in' }, at: { type: 'string' } }), { type: 'null' }],
    };
    expect(input(schema, { kind: 'at', at: '2026-01-01T00:00:00Z' })).toEqual({ value: { kind: 'at', at: new Date('2026-01-01') } });
    expect(input(schema, { kind: 'in', at: '2026-01-01T00:00:00Z' })).toEqual({ value: { kind: 'in', at: '2026-01-01T00:00:00Z' } });
    expect(input(schema, null)).toEqual({ value: null });
  });

  it('converts through references, recursion and patterns', () => {
    const schema = {
      $ref: '#/$defs/Node',
      $defs: {
        Node: object({ at: DATE, next: { anyOf: [{ $ref: '#/$defs/Node' }, { type: 'null' }] } }, { patternProperties: { '^due-': DATE } }),
      },
    };
    const text = '2026-01-01T00:00:00Z';
    expect(input(schema, { at: text, next: { at: text, next: null }, 'due-1': text })).toEqual({
      value: { at: new Date(text), next: { at: new Date(text), next: null }, 'due-1': new Date(text) },
    });
  });

  it('says in words what does not fit, with the way there', () => {
    const schema = object({
      text: { type: 'string', minLength: 2 },
      level: { type: 'string', enum: ['low', 'high'] },
      kind: { const: 'a' },
      list: { type: 'array', items: object({ 'a/b': { type: 'number' } }) },
      either: { anyOf: [{ type: 'string' }, object({ x: { type: 'number' } })] },
      gone: { type: 'string' },
    });
    const result = input(schema, { text: 'x', level: 'mid', kind: 'b', list: [{ 'a/b': 1 }, { 'a/b': 'x' }], either: { y: 1 }, extra: 1 });
    expect(result).toEqual({
      issues: expect.arrayContaining([
        { path: ['gone'], message: 'is missing' },
        { path: ['extra'], message: 'is not known here' },
        { path: ['text'], message: 'must NOT have fewer than 2 characters' },
        { path: ['level'], message: 'must be one of "low", "high"' },
        { path: ['kind'], message: 'must be "a"' },
        { path: ['list', '1', 'a/b'], message: 'must be number' },
        { path: ['either'], message: 'fits none of the forms that are allowed here' },
      ]),
    });
    expect((result as { issues: unknown[] }).issues).toHaveLength(7);
  });

  it('refuses what only looks like a live value', () => {
    expect(input(object({ at: DATE }), { at: new Date() })).toEqual({ issues: [{ path: ['at'], message: 'must be string' }] });
    expect(input(BIGINT, 1)).toMatchObject({ issues: [{ message: 'must be string' }] });
    expect(input(URL_TEXT, 'nowhere')).toMatchObject({ issues: [{ path: [] }] });
  });

  it('takes own properties only', () => {
    const schema = object({ constructor: { type: 'string' } });
    expect(input(schema, {})).toEqual({ issues: [{ path: ['constructor'], message: 'is missing' }] });
    expect(input(object({ toString: { type: 'number' } }, { required: [] }), {})).toEqual({ value: {} });
  });
});

describe('a derived output schema', () => {
  it('writes live values as JSON', () => {
    const at = new Date('2026-01-02T03:04:05.678Z');
    const live = {
      at,
      big: 12n,
      bytes: Buffer.from([1, 2, 3]),
      link: new URL('https://example.org'),
      set: new Set([at]),
      map: new Map([['a', at]]),
      entries: new Map([[1, at]]),
    };
    const text = at.toISOString();
    expect(output(object(LIVE), live)).toEqual({
      value: { at: text, big: '12', bytes: 'AQID', link: 'https://example.org/', set: [text], map: { a: text }, entries: [[1, text]] },
    });
  });

  it('takes JSON as well: operators and other tasks give outputs too', () => {
    const json = { at: '2026-01-01T00:00:00Z', big: '1', bytes: '', link: 'https://example.org/', set: [], map: {}, entries: [] };
    expect(output(object(LIVE), json)).toEqual({ value: json });
  });

  it('leaves out what the type does not have, and what is undefined', () => {
    const schema = object({ text: { type: 'string' }, maybe: { type: 'number' } }, { required: ['text'] });
    expect(output(schema, { text: 'x', maybe: undefined, secret: 'y' })).toEqual({ value: { text: 'x' } });
    expect(output({ type: 'array', items: schema }, [{ text: 'x', secret: 1 }])).toEqual({ value: [{ text: 'x' }] });
  });

  it('keeps other properties where the type allows them', () => {
    expect(
      output({ type: 'object', properties: { a: { type: 'string' } }, additionalProperties: DATE }, { a: 'x', due: new Date(0) }),
    ).toEqual({ value: { a: 'x', due: '1970-01-01T00:00:00.000Z' } });
    expect(output({ type: 'object', additionalProperties: {} }, { any: [1, { b: null }] })).toEqual({ value: { any: [1, { b: null }] } });
  });

  it('keeps most of a value that fits several members of a union', () => {
    const schema = { anyOf: [object({ a: { type: 'string' } }), object({ a: { type: 'string' }, b: { type: 'string' } })] };
    expect(output(schema, { a: 'x', b: 'y', c: 'z' })).toEqual({ value: { a: 'x', b: 'y' } });
    expect(output(schema, { a: 'x' })).toEqual({ value: { a: 'x' } });
  });

  it('makes a plain object of a data class', () => {
    class File {
      path = 'a';
      at = new Date(0);
    }
    const { value } = output(object({ path: { type: 'string' }, at: DATE }), new File()) as { value: object };
    expect(value).toEqual({ path: 'a', at: '1970-01-01T00:00:00.000Z' });
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  it('takes nothing for null where nothing is returned', () => {
    expect(output({ type: 'null' }, undefined)).toEqual({ value: null });
    expect(output({ type: 'string' }, undefined)).toMatchObject({ issues: [{ message: 'must be string' }] });
  });

  it('refuses what has no JSON form after all', () => {
    expect(output(DATE, new Date(NaN))).toMatchObject({ issues: [{ message: 'must be string' }] });
    expect(output(object({ a: { type: 'string' } }), new Date())).toMatchObject({ issues: [{ path: ['a'], message: 'is missing' }] });
  });

  it('gives back what it cannot convert: the engine refuses what is not plain data', () => {
    const map = new Map([[1, 'keys of another type']]);
    expect(output(MAP_OF_DATES, map)).toEqual({ value: map });
  });

  it('does not change what it was given', () => {
    const live = Object.freeze({ at: new Date(0), list: Object.freeze([Object.freeze({ x: 1, y: 2 })]) });
    expect(output(object({ at: DATE, list: { type: 'array', items: object({ x: { type: 'number' } }) } }), live)).toEqual({
      value: { at: '1970-01-01T00:00:00.000Z', list: [{ x: 1 }] },
    });
  });
});

describe('both together', () => {
  it('give back every live value that went through JSON', () => {
    const at = fc.date({ noInvalidDate: true, min: new Date('0001-01-01'), max: new Date('9999-12-31') });
    const live = fc.record({
      at,
      big: fc.bigInt(),
      bytes: fc.uint8Array(),
      link: fc.webUrl().map((text) => new URL(text)),
      set: fc.uniqueArray(at, { selector: Number }).map((dates) => new Set(dates)),
      map: fc
        .dictionary(
          fc.string().filter((key) => key !== '__proto__'),
          at,
        )
        .map((dates) => new Map(Object.entries(dates))),
      entries: fc.uniqueArray(fc.tuple(fc.integer(), at), { selector: ([key]) => key }).map((pairs) => new Map(pairs)),
    });
    const [into, out] = [derivedSchema(object(LIVE), 'input'), derivedSchema(object(LIVE), 'output')];
    fc.assert(
      fc.property(live, (value) => {
        const stored = check(out, value) as { value: unknown };
        expect(JSON.parse(JSON.stringify(stored.value))).toEqual(stored.value);
        expect(check(into, stored.value)).toEqual({ value });
      }),
    );
  });
});

describe('its JSON Schema', () => {
  it('is without the marks, which only conversions know', () => {
    const schema = derivedSchema(
      object({ at: { ...DATE, default: '2026-01-01T00:00:00Z' }, 'x-taskloom': { type: 'string', examples: ['x-taskloom'] } }),
      'input',
    );
    expect(schema['~standard'].jsonSchema.input({ target: 'draft-2020-12' })).toEqual(
      object({
        at: { type: 'string', format: 'date-time', default: '2026-01-01T00:00:00Z' },
        'x-taskloom': { type: 'string', examples: ['x-taskloom'] },
      }),
    );
  });

  it('is not written for another dialect', () => {
    expect(() => derivedSchema({ type: 'string' }, 'input')['~standard'].jsonSchema.input({ target: 'draft-07' })).toThrow(
      'draft-2020-12 only, not as draft-07',
    );
  });
});
