import { ts } from 'ts-morph';

import type { TypeRule } from '../type-rule.js';

const UNRESOLVED =
  ts.TypeFlags.TypeParameter | ts.TypeFlags.IndexedAccess | ts.TypeFlags.Conditional | ts.TypeFlags.Index | ts.TypeFlags.Substitution;

/** Type parameters, and types that still depend on one. */
export const parameterRule: TypeRule = {
  name: 'parameter',
  read(type, place, walk) {
    return type.flags & UNRESOLVED
      ? walk.refuse('TYPE_PARAMETER', `depends on the type parameter ${walk.checker.typeToString(type)}`, place)
      : null;
  },
};
