import { ts } from 'ts-morph';

import type { TypeRule } from '../type-rule.js';

/** Template literal types such as `` `${number}px` ``, as a pattern. */
export const templateRule: TypeRule = {
  name: 'template',
  read(type, place, walk) {
    if (type.flags & ts.TypeFlags.StringMapping)
      return walk.refuse('TYPE_UNSUPPORTED', `is ${walk.checker.typeToString(type)}`, place, 'Use `string` with a @pattern tag.');
    if (!(type.flags & ts.TypeFlags.TemplateLiteral)) return null;
    const pattern = templatePattern(type as ts.TemplateLiteralType);
    return pattern === null
      ? walk.refuse('TYPE_UNSUPPORTED', `is ${walk.checker.typeToString(type)}`, place, 'Use `string` with a @pattern tag.')
      : { kind: 'string', pattern };
  },
};

/** A regular expression for a template literal type, or `null` when one of its parts has none. */
export function templatePattern({ texts, types }: ts.TemplateLiteralType): string | null {
  let pattern = escape(texts[0]!);
  for (const [index, type] of types.entries()) {
    const part = partPattern(type);
    if (part === null) return null;
    pattern += part + escape(texts[index + 1]!);
  }
  return `^${pattern}$`;
}

function partPattern(type: ts.Type): string | null {
  if (type.flags & ts.TypeFlags.String) return '[\\s\\S]*';
  // Exponents of three digits are left out: most of them are no finite number.
  if (type.flags & ts.TypeFlags.Number) return '-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][-+]?[0-9]{1,2})?';
  if (type.flags & ts.TypeFlags.BigInt) return '(?:0|-?[1-9][0-9]*)';
  if (type.flags & ts.TypeFlags.TemplateLiteral) return templatePattern(type as ts.TemplateLiteralType)?.slice(1, -1) ?? null;
  return null;
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
