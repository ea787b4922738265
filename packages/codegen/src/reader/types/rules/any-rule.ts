import { ts } from 'ts-morph';

import type { TypeRule } from '../type-rule.js';

/** `any`, whether it was written or is what is left of a type that could not be resolved. */
export const anyRule: TypeRule = {
  name: 'any',
  read(type, place, walk) {
    if (!(type.flags & ts.TypeFlags.Any)) return null;
    const { intrinsicName } = type as ts.Type & { readonly intrinsicName?: string };
    return intrinsicName === 'any'
      ? walk.refuse('TYPE_ANY', 'is `any`', place)
      : walk.refuse('TYPE_UNRESOLVED', 'has a type that cannot be resolved', place);
  },
};
