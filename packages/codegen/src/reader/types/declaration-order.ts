import type { ts } from 'ts-morph';

/**
 * The compiler orders unions and mapped properties by what it happened to meet first, which changes with the order of
 * files. These orders depend on the sources alone.
 */

/** By where a symbol is declared; symbols without a place come last, by name. */
export function compareByDeclaration(a: ts.Symbol, b: ts.Symbol): number {
  const left = a.declarations?.[0];
  const right = b.declarations?.[0];
  if (!left || !right) return left ? -1 : right ? 1 : compareText(a.name, b.name);
  return compareText(left.getSourceFile().fileName, right.getSourceFile().fileName) || left.pos - right.pos || compareText(a.name, b.name);
}

/** Types by kind and value: texts, numbers, then the others by where they are declared. */
export function compareTypes(checker: ts.TypeChecker): (a: ts.Type, b: ts.Type) => number {
  return (a, b) => {
    const left = keyOf(a);
    const right = keyOf(b);
    if (left.group !== right.group) return left.group - right.group;
    if (typeof left.value === 'number' && typeof right.value === 'number') return left.value - right.value;
    if (typeof left.value === 'string' && typeof right.value === 'string') return compareText(left.value, right.value);
    const bySymbol = a.symbol && b.symbol ? compareByDeclaration(a.symbol, b.symbol) : 0;
    return bySymbol || compareText(checker.typeToString(a), checker.typeToString(b));
  };
}

function keyOf(type: ts.Type): { readonly group: number; readonly value?: string | number } {
  if (type.isStringLiteral()) return { group: 0, value: type.value };
  if (type.isNumberLiteral()) return { group: 1, value: type.value };
  return { group: type.symbol ? 3 : 2 };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
