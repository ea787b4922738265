import { ts } from 'ts-morph';

import type { Shape } from '../../../shape/shape.js';
import type { TypePlace } from '../type-place.js';
import type { TypeRule, TypeWalk } from '../type-rule.js';

const { TypeFlags } = ts;

/** Keyword types: `string`, `number`, `boolean`, `null`, `unknown`, `object` … */
export const primitiveRule: TypeRule = {
  name: 'primitive',
  read(type, place, walk) {
    const { flags } = type;
    if (flags & TypeFlags.String) return { kind: 'string' };
    if (flags & TypeFlags.Number) return { kind: 'number' };
    if (flags & TypeFlags.Boolean) return { kind: 'boolean' };
    if (flags & TypeFlags.Null) return { kind: 'null' };
    if (flags & TypeFlags.BigInt) return BIGINT;
    if (flags & TypeFlags.Unknown) return { kind: 'any' };
    if (flags & TypeFlags.NonPrimitive) return { kind: 'object', properties: [], additional: { kind: 'any' } };
    return refused(type, place, walk);
  },
};

const BIGINT: Shape = { kind: 'converted', to: 'bigint', wire: { kind: 'string', pattern: '^(?:0|-?[1-9][0-9]*)$' } };

function refused({ flags }: ts.Type, place: TypePlace, walk: TypeWalk): Shape | null {
  if (flags & (TypeFlags.Undefined | TypeFlags.Void)) return walk.refuse('TYPE_UNDEFINED', 'is `undefined`', place);
  if (flags & TypeFlags.Never) return walk.refuse('TYPE_NEVER', 'is `never`', place);
  if (flags & TypeFlags.ESSymbolLike) return walk.refuse('TYPE_SYMBOL', 'is a symbol', place);
  return null;
}
