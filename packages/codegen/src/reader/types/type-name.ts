import { ts } from 'ts-morph';

import { formOf } from './rules/form-rule.js';
import { isDeclaredBy, isLibrarySymbol, typeArgumentsOf } from './declared-in.js';

/** Names that say nothing: the compiler's own for what has none. */
const ANONYMOUS: ReadonlySet<string> = new Set(['__type', '__object', '__class', '__function', 'default', '']);

/** A type that its author gave a name, and where that was. */
export interface NamedType {
  readonly name: string;
  readonly symbol: ts.Symbol;
}

/**
 * The name a type was declared under, with its type arguments: `Page<FileStat>` → `PageOfFileStat`. `null` for what has no
 * name of its own, and for the library's types and helpers.
 */
export function typeNameOf(type: ts.Type, checker: ts.TypeChecker): NamedType | null {
  if (type.aliasSymbol && isOwn(type.aliasSymbol)) return named(type.aliasSymbol, type.aliasTypeArguments ?? [], checker);
  const { symbol } = type as { readonly symbol?: ts.Symbol };
  const declared = ts.SymbolFlags.Interface | ts.SymbolFlags.Class | ts.SymbolFlags.Enum;
  if (!symbol || !(symbol.flags & declared) || !isOwn(symbol)) return null;
  const ownParameters = symbol.declarations?.some(
    (declaration) => (declaration as { readonly typeParameters?: unknown }).typeParameters !== undefined,
  );
  return named(symbol, ownParameters ? typeArgumentsOf(type, checker) : [], checker);
}

/** Names of the language and of Taskloom itself mean nothing in a user's schema. */
function isOwn(symbol: ts.Symbol): boolean {
  return !isLibrarySymbol(symbol) && !isDeclaredBy(symbol, '@taskloom/core');
}

function named(symbol: ts.Symbol, typeArguments: readonly ts.Type[], checker: ts.TypeChecker): NamedType | null {
  if (ANONYMOUS.has(symbol.name)) return null;
  // `this` and defaulted arguments aside, an argument without a name of its own leaves the whole without.
  const words = typeArguments.filter((argument) => !isThisType(argument)).map((argument) => argumentWord(argument, checker));
  return { name: words.length === 0 ? symbol.name : `${symbol.name}Of${words.join('And')}`, symbol };
}

function argumentWord(type: ts.Type, checker: ts.TypeChecker): string {
  const known = typeNameOf(type, checker)?.name;
  if (known) return known;
  if (checker.isArrayType(type)) return `${argumentWord(checker.getTypeArguments(type as ts.TypeReference)[0]!, checker)}List`;
  const text = formOf(type)?.kind ?? checker.typeToString(type);
  return /^[A-Za-z]+$/.test(text) ? text[0]!.toUpperCase() + text.slice(1) : 'Some';
}

function isThisType(type: ts.Type): boolean {
  return (type.flags & ts.TypeFlags.TypeParameter) !== 0 && (type as { readonly isThisType?: boolean }).isThisType === true;
}
