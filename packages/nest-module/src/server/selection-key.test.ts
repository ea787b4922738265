import { describe, expect, it } from '@jest/globals';
import { parse, type ExecutionArgs } from 'graphql';

import { selectionKey } from './selection-key.js';

const keyOf = (query: string, variableValues: Record<string, unknown> = {}, operationName: string | null = null): string =>
  selectionKey({ document: parse(query), variableValues, operationName } as unknown as ExecutionArgs);

describe('two subscriptions see the same of an event', () => {
  it.each([
    ['from different places', 'subscription { e(id: "a", after: 1) { seq } }', 'subscription { e(id: "a", after: 2) { seq } }'],
    ['by other names, written otherwise', 'subscription A { e { seq type } }', 'subscription B {\n  e { seq, type } # all\n}'],
    [
      'with other variables of the subscription',
      'subscription ($a: Int) { e(after: $a) { seq } }',
      'subscription ($b: Int = 3) { e(after: $b) { seq } }',
    ],
  ])('%s', (_what, one, other) => {
    expect(keyOf(one, { a: 1 })).toBe(keyOf(other, { b: 2 }));
  });

  it('not when they select otherwise, by name, order, fragment or directive', () => {
    const keys = [
      keyOf('subscription { e { seq } }'),
      keyOf('subscription { e { seq type } }'),
      keyOf('subscription { e { type seq } }'),
      keyOf('subscription { e { n: seq } }'),
      keyOf('subscription { x: e { seq } }'),
      keyOf('subscription { e { ...F } } fragment F on E { seq }'),
      keyOf('subscription { e { ...F } } fragment F on E { type }'),
      keyOf('subscription { e { seq @skip(if: true) type } }'),
      keyOf('subscription ($s: Boolean = true) { e { seq @skip(if: $s) type } }'),
      keyOf('subscription ($s: Boolean = false) { e { seq @skip(if: $s) type } }'),
      keyOf('subscription ($s: Boolean!) { e { seq @skip(if: $s) type } }', { s: true }),
      keyOf('subscription ($s: Boolean!) { e { seq @skip(if: $s) type } }', { s: false }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('not when they are two of one document', () => {
    const both = 'subscription A { e { seq } } subscription B { e { type } }';
    expect(keyOf(both, {}, 'A')).toBe(keyOf('subscription { e { seq } }'));
    expect(keyOf(both, {}, 'B')).not.toBe(keyOf(both, {}, 'A'));
  });
});
