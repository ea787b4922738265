import type { ts } from 'ts-morph';

import { isDeclaredBy, typeArgumentsOf } from '../declared-in.js';
import { memberPlace } from '../type-place.js';
import type { TypeRule } from '../type-rule.js';

const CORE = '@taskloom/core';

/** Taskloom's own types: a ref stands for the value it refers to, `Json` for any value. */
export const taskloomRule: TypeRule = {
  name: 'taskloom',
  read(type, place, walk) {
    const referred = referredType(type, walk.checker);
    if (referred) return walk.read(referred, { ...memberPlace(place, null), mayBeAbsent: place.mayBeAbsent });
    if (isCoreAlias(type, 'Json')) return { kind: 'any' };
    const { symbol } = type as { readonly symbol?: ts.Symbol };
    if (!symbol || !['JsonObject', 'PlacedTask', 'TaskDraft', 'Story'].includes(symbol.name) || !isDeclaredBy(symbol, CORE)) return null;
    if (symbol.name === 'JsonObject') return { kind: 'object', properties: [], additional: { kind: 'any' } };
    return walk.refuse('TYPE_PLACED_TASK', `is a ${symbol.name === 'Story' ? 'story' : 'task'}, not its output`, place);
  },
};

/** The type that a `Ref<T>` or `AnyRef<T>` refers to, or `null` for any other type. */
export function referredType(type: ts.Type, checker: ts.TypeChecker): ts.Type | null {
  const parts = type.isIntersection() ? type.types : [type];
  for (const part of parts) {
    const { symbol } = part as { readonly symbol?: ts.Symbol };
    if (symbol?.name === 'AnyRef' && isDeclaredBy(symbol, CORE)) return typeArgumentsOf(part, checker)[0] ?? null;
  }
  return null;
}

function isCoreAlias(type: ts.Type, name: string): boolean {
  return type.aliasSymbol?.name === name && isDeclaredBy(type.aliasSymbol, CORE);
}
