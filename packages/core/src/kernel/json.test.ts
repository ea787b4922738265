import { runInNewContext } from 'node:vm';

import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { growth, IN_PROPORTION_TIMES_10 } from '../../test/helpers/growth.js';
import { byteLength, findJsonProblem, formatPointer, isPlainObject, parsePointer, readPointer, type Json } from './json.js';

class Money {
  constructor(readonly amount: number) {}
}

const cyclic: { self?: unknown; list: unknown[] } = { list: [] };
cyclic.list.push({ back: cyclic });

const nested = (depth: number): unknown => {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? { a: value } : [value];
  return value;
};

const throwing = (thrown: unknown): object => ({
  get here(): unknown {
    throw thrown;
  },
});

describe('what can be stored as JSON', () => {
  it.each<[string, unknown]>([
    ['null', null],
    ['a text', 'text'],
    ['an empty text', ''],
    ['NUL and other controls in a text', 'a\u0000b\u001f'],
    ['lone surrogates', '\ud800 and \udc00'],
    ['numbers', [0, -1, 1.5, Number.MAX_VALUE, Number.MIN_VALUE, 2 ** 53 + 2]],
    ['booleans', [true, false]],
    ['an empty object and an empty list', [{}, []]],
    ['an object without a prototype', Object.create(null)],
    ['a property that is undefined: it counts as absent', { a: 1, b: undefined }],
    ['the same object twice, which is no cycle', [[cyclic.list.length], [cyclic.list.length]]],
    ['keys of every kind', { '': 1, 'a/b~c': 2, constructor: 3, toString: 4, '🙂': 5 }],
    ['200 levels', nested(200)],
  ])('%s', (_, value) => {
    expect(findJsonProblem(value)).toBeNull();
  });

  it('an object that is used in two places', () => {
    const shared = { a: 1 };

    expect(findJsonProblem({ one: shared, two: [shared, shared] })).toBeNull();
  });

  it('objects that another realm made, as under a test runner', () => {
    const foreign: unknown = runInNewContext('({ list: [1, { a: 1 }] })');

    expect(findJsonProblem({ foreign, clone: structuredClone({ a: [1] }) })).toBeNull();
  });

  it('everything that JSON has a form for', () => {
    // All but the one key that is never taken.
    const values = fc.jsonValue({ maxDepth: 6 }).filter((value) => !JSON.stringify(value).includes('"__proto__":'));
    fc.assert(fc.property(values, (value) => expect(findJsonProblem(value)).toBeNull()));
  });
});

describe('what cannot be stored is named with its place', () => {
  it.each<[string, unknown, string]>([
    ['undefined', undefined, ''],
    ['undefined in a list', [1, undefined], '/1'],
    ['a hole in a list', { list: Array(2) }, '/list/0'],
    ['a function', { a: { b: () => 1 } }, '/a/b'],
    ['a symbol', { a: Symbol('s') }, '/a'],
    ['a bigint', { 'n/m': [1n] }, '/n~1m/0'],
    ['NaN', [Number.NaN], '/0'],
    ['Infinity', { a: Number.POSITIVE_INFINITY }, '/a'],
    ['a number too large for JSON', { a: Number('1e400') }, '/a'],
    ['a Date', { at: new Date(0) }, '/at'],
    ['a Map', { map: new Map() }, '/map'],
    ['a Set', new Set(), ''],
    ['a class instance', { price: new Money(1) }, '/price'],
    ['a Buffer', { bytes: Buffer.from('x') }, '/bytes'],
    ['a typed array', { bytes: new Uint8Array(1) }, '/bytes'],
    ['an Error', { error: new Error('x') }, '/error'],
    ['a RegExp', /x/, ''],
    ['a boxed text', { a: Object('x') as unknown }, '/a'],
    ['a promise', { a: Promise.resolve(1) }, '/a'],
    ['a cycle', cyclic, '/list/0/back'],
    ['an object with toJSON', { a: { toJSON: () => 'something else' } }, '/a'],
    ['a list with toJSON', { a: Object.assign([1], { toJSON: () => 'something else' }) }, '/a'],
    ['an object that inherits from another', { a: Object.create({ inherited: 1 }) as unknown }, '/a'],
  ])('%s', (_, value, path) => {
    expect(findJsonProblem(value)).toMatchObject({ kind: 'not-json', path });
  });

  it.each<[string, object, string]>([
    ['an error', throwing(new Error('boom')), 'boom'],
    ['a text', throwing('boom'), 'boom'],
    ['null', throwing(null), 'null'],
    ['a symbol', throwing(Symbol('boom')), 'boom'],
    ['an object that cannot be shown', throwing(Object.create(null)), 'reading it threw'],
    [
      'an error whose message throws',
      throwing(
        Object.defineProperty(new Error(), 'message', {
          get: () => {
            throw new Error('again');
          },
        }),
      ),
      'reading it threw',
    ],
  ])('a getter that throws %s', (_, value, part) => {
    expect(findJsonProblem({ deep: value })).toMatchObject({ kind: 'not-json', reason: expect.stringContaining(part) });
  });

  it('a Proxy that throws, or was revoked', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const refusing = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('no');
        },
      },
    );

    expect(findJsonProblem({ proxy })).toMatchObject({ kind: 'not-json' });
    expect(findJsonProblem({ refusing })).toMatchObject({ kind: 'not-json' });
  });

  it('the key "__proto__", wherever it comes from', () => {
    expect(findJsonProblem({ a: JSON.parse('{"__proto__": {"admin": true}}') })).toMatchObject({ kind: 'forbidden-key', path: '/a' });
  });

  it('and says where in a pointer that is cut, however long the keys are', () => {
    const problem = findJsonProblem({ ['a'.repeat(100_000)]: { b: 1n } });

    expect(problem?.path).toBe(`/${'a'.repeat(499)}…`);
  });

  it.each([201, 20_000, 200_000])('%d levels, without using up the stack', (depth) => {
    expect(findJsonProblem(nested(depth))).toMatchObject({ kind: 'too-deep' });
  });

  it('a list of a million texts in time in proportion', () => {
    const look = (length: number) => {
      const texts = Array.from({ length }, () => 'x');
      return () => expect(findJsonProblem(texts)).toBeNull();
    };
    expect(growth(100_000, 1_000_000, look)).toBeLessThan(IN_PROPORTION_TIMES_10);
  });

  it('and what passes is read back as it was', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withNullPrototype: true, withSparseArray: true }),
        (value) => {
          if (findJsonProblem(value) !== null) return;

          const back: unknown = JSON.parse(JSON.stringify(value));

          expect(findJsonProblem(back)).toBeNull();
          expect(JSON.stringify(back)).toBe(JSON.stringify(value));
        },
      ),
    );
  });
});

describe('a plain object', () => {
  it.each<[string, object, boolean]>([
    ['a literal', {}, true],
    ['one without a prototype', Object.create(null) as object, true],
    ['a list', [], false],
    ['a function', () => 1, false],
    ['an instance', new Money(1), false],
    ['a literal of another realm', runInNewContext('({})') as object, true],
    ['an instance of another realm', runInNewContext('new (class X {})()') as object, false],
  ])('is %s: %#', (_, value, expected) => {
    expect(isPlainObject(value)).toBe(expected);
  });
});

describe('a JSON Pointer', () => {
  it.each([
    [[], ''],
    [['a', 0], '/a/0'],
    [['a/b', '~', '~1'], '/a~1b/~0/~01'],
    [[''], '/'],
    [['', ''], '//'],
  ])('of %j is written %j', (segments, pointer) => {
    expect(formatPointer(segments)).toBe(pointer);
    expect(parsePointer(pointer)).toEqual(segments.map(String));
  });

  it('leads back to its segments, whatever is in them', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (segments) => expect(parsePointer(formatPointer(segments))).toEqual(segments)),
    );
  });

  it.each(['a', 'a/b', '/~', '/~2', '/a~', '#/a', '/a/~x'])('is not %j', (text) => {
    expect(parsePointer(text)).toBeNull();
  });
});

describe('reading at a place', () => {
  const value: Json = { a: [{ b: null }, 'x'], '': 1, n: 0 };

  it.each<[string, Json | undefined]>([
    ['', value],
    ['/a/0/b', null],
    ['/a/1', 'x'],
    ['/', 1],
    ['/n', 0],
  ])('%j finds what is there', (pointer, expected) => {
    expect(readPointer(value, parsePointer(pointer)!)).toEqual(expected);
  });

  it.each(['/b', '/a/2', '/a/-', '/a/01', '/a/length', '/a/1/length', '/a/0/b/c', '/constructor', '/__proto__', '/a/map', '/n/toFixed'])(
    '%j finds nothing',
    (pointer) => {
      expect(readPointer(value, parsePointer(pointer)!)).toBeUndefined();
    },
  );

  it('of nothing finds nothing', () => {
    expect(readPointer(undefined, ['a'])).toBeUndefined();
  });
});

describe('the size of a text', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['é', 2],
    ['漢', 3],
    ['🙂', 4],
    ['\ud800', 3],
  ])('%j is counted in bytes of UTF-8', (text, bytes) => {
    expect(byteLength(text)).toBe(bytes);
  });
});
