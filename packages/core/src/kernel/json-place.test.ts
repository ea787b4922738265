import { describe, expect, it } from '@jest/globals';

import { hasPlaceAt, writeAt } from './json-place.js';

const value = (): { a: { b: number }; list: number[]; empty: null } => ({ a: { b: 1 }, list: [1, 2], empty: null });

describe('a place in a value', () => {
  it.each<[readonly string[]]>([[[]], [['a']], [['a', 'b']], [['a', 'new']], [['new']], [['list', '0']], [['list', '1']]])(
    'is %j',
    (segments) => {
      expect(hasPlaceAt(value(), segments)).toBe(true);
    },
  );

  it.each<[readonly string[]]>([
    [['x', 'y']],
    [['empty', 'a']],
    [['list', '2']],
    [['list', '-']],
    [['list', '01']],
    [['list', 'length']],
    [['list', 'push']],
    [['a', 'b', 'c']],
    [['__proto__']],
    [['__proto__', 'polluted']],
    [['constructor', 'prototype', 'polluted']],
    [['list', '__proto__', 'polluted']],
    [['a', '__proto__']],
  ])('is not %j, and nothing can be written there', (segments) => {
    expect(hasPlaceAt(value(), segments)).toBe(false);
    expect(() => writeAt(value(), segments, 'x')).toThrow(RangeError);
    expect(({} as { polluted?: string }).polluted).toBeUndefined();
  });

  it('is not inside a text or a number', () => {
    expect(hasPlaceAt('text', ['0'])).toBe(false);
    expect(hasPlaceAt(5, ['toFixed'])).toBe(false);
  });
});

describe('writing at a place', () => {
  it('changes that place alone', () => {
    expect(writeAt(value(), ['a', 'b'], 2)).toEqual({ ...value(), a: { b: 2 } });
    expect(writeAt(value(), ['list', '1'], 9)).toEqual({ ...value(), list: [1, 9] });
    expect(writeAt(value(), ['a', 'new'], 9)).toEqual({ ...value(), a: { b: 1, new: 9 } });
  });

  it('replaces the whole value at the empty path', () => {
    expect(writeAt(value(), [], 'x')).toBe('x');
  });

  it('of nothing takes a property away, and leaves an element where it was', () => {
    expect(writeAt(value(), ['a', 'b'], undefined)).toEqual({ ...value(), a: {} });
    expect((writeAt(value(), ['list', '0'], undefined) as { list: unknown[] }).list).toHaveLength(2);
  });
});
