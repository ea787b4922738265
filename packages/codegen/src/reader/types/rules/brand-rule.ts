import { ts } from 'ts-morph';

import { memberPlace } from '../type-place.js';
import type { TypeRule } from '../type-rule.js';

const PRIMITIVE = ts.TypeFlags.StringLike | ts.TypeFlags.NumberLike | ts.TypeFlags.BigIntLike | ts.TypeFlags.BooleanLike;

/** Branded primitives such as `string & { readonly __brand: 'Path' }`: the brand exists for the compiler only. */
export const brandRule: TypeRule = {
  name: 'brand',
  read(type, place, walk) {
    if (!type.isIntersection()) return null;
    const primitive = type.types.find((part) => part.flags & PRIMITIVE);
    return primitive ? walk.read(primitive, memberPlace(place, null)) : null;
  },
};
