import { ts } from 'ts-morph';

import type { Shape } from '../../../shape/shape.js';
import { FORM_MARK, shapeOfMark } from '../../../shape/value-form.js';
import type { TypeRule } from '../type-rule.js';

/** Values of other agents and workflows that were passed on as they were: their form travels in the type. */
export const formRule: TypeRule = {
  name: 'form',
  read: (type) => formOf(type),
};

/** The shape that travels in a type, or `null`. A text that something was added to is any text. */
export function formOf(type: ts.Type): Shape | null {
  if (type.flags & ts.TypeFlags.EnumLike) return shapeOfMark(type.symbol?.name ?? '');
  if (!(type.flags & ts.TypeFlags.TemplateLiteral)) return null;
  const { texts, types } = type as ts.TemplateLiteralType;
  if (!texts.some((text) => text.includes(FORM_MARK))) return null;
  const isWhole = types.length === 1 && texts[1] === '';
  return (isWhole && shapeOfMark(texts[0]!)) || { kind: 'string' };
}
