import { describe, expect, it } from '@jest/globals';

import { inMessage } from './in-message.js';

const circle: unknown[] = [];
circle.push(circle);

const revoked = (target: object): object => {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
};

describe('whatever was given can be told in a sentence', () => {
  it.each<[string, unknown, string]>([
    ['a text', 'fast', '"fast"'],
    ['a text with a line break and a quote', 'a\n"b"', String.raw`"a\n\"b\""`],
    ['a number', 4.5, '4.5'],
    ['no number', Number.NaN, 'NaN'],
    ['more than any number', Number.POSITIVE_INFINITY, 'Infinity'],
    ['a large whole number', 10n, '10n'],
    ['nothing', undefined, 'undefined'],
    ['null', null, 'null'],
    ['a truth value', true, 'true'],
    ['a symbol', Symbol('here'), 'Symbol(here)'],
    ['a function', () => 1, 'a function'],
    ['an object', { a: [1] }, '{"a":[1]}'],
    ['a list', ['a', 1], '["a",1]'],
    ['a date', new Date(0), '"1970-01-01T00:00:00.000Z"'],
    ['a date that is none', new Date(Number.NaN), 'an invalid date'],
    ['an object without a prototype', Object.create(null), '{}'],
    ['an object with a number that JSON has not', { a: 1n }, 'an object'],
    ['a list that holds itself', circle, 'a list'],
    ['an object that refuses to be written', { toJSON: () => { throw new Error('no'); } }, 'an object'], // prettier-ignore
    ['an object behind a proxy that was revoked', revoked({}), 'an object'],
    ['a list behind a proxy that was revoked', revoked([]), 'an object'],
    ['an object that writes itself as nothing', { toJSON: () => undefined }, 'an object'],
  ])('%s', (_, value, told) => {
    expect(inMessage(value)).toBe(told);
  });

  it('in few characters, none of them half of one', () => {
    const told = inMessage('😀'.repeat(100));
    expect(told.length).toBeLessThanOrEqual(81);
    expect(told.isWellFormed()).toBe(true);
    expect(told.endsWith('…')).toBe(true);
    expect(inMessage({ a: 'x'.repeat(1_000) }).length).toBeLessThanOrEqual(81);
  });

  it('where a text is so long that, with what must be escaped in it, it would be too long for a text', () => {
    const long = '\u0001'.repeat(100_000_000);
    const escaped = String.raw`\u0001`;
    expect(inMessage(long)).toBe(`"${escaped.repeat(13)}\\…`);
    expect(inMessage({ a: long })).toMatch(/^\{"a":"(\\u0001){12}/);
  });
});
