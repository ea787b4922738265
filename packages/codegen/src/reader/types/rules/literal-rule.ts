import { ts } from 'ts-morph';

import type { Json } from '@taskloom/core';

import type { TypeRule } from '../type-rule.js';

/** One value: `'a'`, `1`, `true`, an enum member. */
export const literalRule: TypeRule = {
  name: 'literal',
  read(type, place, walk) {
    if (type.flags & ts.TypeFlags.BigIntLiteral)
      return walk.refuse('TYPE_UNSUPPORTED', 'is a bigint literal', place, 'Use `bigint`, or the number as text.');
    const value = literalValue(type);
    return value === undefined ? null : { kind: 'literal', value };
  },
};

/** A literal type's value, or `undefined` for every other type. */
export function literalValue(type: ts.Type): Json | undefined {
  if (type.isStringLiteral() || type.isNumberLiteral()) return type.value;
  if (type.flags & ts.TypeFlags.BooleanLiteral) return (type as ts.Type & { readonly intrinsicName: string }).intrinsicName === 'true';
  return type.flags & ts.TypeFlags.Null ? null : undefined;
}
