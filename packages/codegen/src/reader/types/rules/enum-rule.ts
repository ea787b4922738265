import { ts } from 'ts-morph';

import type { Json } from '@taskloom/core';

import { commentOf } from '../documentation/comment.js';
import type { TypeRule } from '../type-rule.js';

/** Enums and const enums, by their values in declared order. */
export const enumRule: TypeRule = {
  name: 'enum',
  read(type, place, walk) {
    const declaration = type.symbol?.declarations?.find(ts.isEnumDeclaration);
    if (!declaration || !(type.flags & ts.TypeFlags.EnumLike) || !(type.symbol.flags & ts.SymbolFlags.Enum)) return null;
    const declarations = (type.symbol.declarations ?? []).filter(ts.isEnumDeclaration);
    const values: Json[] = [];
    const notes: (string | null)[] = [];
    for (const member of declarations.flatMap(({ members }) => [...members])) {
      const value = walk.checker.getConstantValue(member);
      if (value === undefined)
        return walk.refuse(
          'TYPE_NOT_CONSTANT',
          `is the enum ${type.symbol.name}, whose member ${member.name.getText()} is computed`,
          place,
        );
      const symbol = walk.checker.getSymbolAtLocation(member.name);
      values.push(value);
      notes.push((symbol && commentOf(symbol, walk.checker)) ?? null);
    }
    return { kind: 'enum', values, ...(notes.some((note) => note !== null) ? { notes } : undefined) };
  },
};
