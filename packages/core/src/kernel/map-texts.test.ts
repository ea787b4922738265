import { describe, expect, it } from '@jest/globals';

import { mapTexts } from './map-texts.js';

const shout = (text: string): string => text.toUpperCase();

describe('the texts of a JSON value', () => {
  it('are changed at any depth, names of properties among them', () => {
    expect(mapTexts({ a: ['b', { c: 'd' }, 1, null, true], E: 'f' }, shout)).toEqual({ A: ['B', { C: 'D' }, 1, null, true], E: 'F' });
    expect(mapTexts('x', shout)).toBe('X');
  });

  it('that stay the same leave the value what it is', () => {
    const value = { A: ['B', { C: 1 }], D: null };
    expect(mapTexts(value, shout)).toBe(value);
    expect(mapTexts(null, shout)).toBeNull();
  });

  it('may be called like something of every object', () => {
    const value = JSON.parse('{"__proto__":{"x":"y"}}') as { readonly [name: string]: string };
    const changed = mapTexts(value, shout);
    expect(Object.keys(mapTexts(value, (text) => (text === 'y' ? 'z' : text)))).toEqual(['__proto__']);
    expect(Object.keys(changed)).toEqual(['__PROTO__']);
  });
});
