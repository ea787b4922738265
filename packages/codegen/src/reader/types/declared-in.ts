import { ts } from 'ts-morph';

import { packageNameOf } from '../package-name.js';

/** Whether a symbol comes with the language or the runtime: TypeScript's own library, or Node's types. */
export function isLibrarySymbol(symbol: ts.Symbol): boolean {
  const file = symbol.declarations?.[0]?.getSourceFile().fileName;
  return file !== undefined && (/\/typescript\/lib\/lib\.[^/]*\.d\.ts$/.test(file) || /\/@types\/node\//.test(file));
}

/** Whether a symbol is declared by a package. */
export function isDeclaredBy(symbol: ts.Symbol, packageName: string): boolean {
  const file = symbol.declarations?.[0]?.getSourceFile().fileName;
  return file !== undefined && packageNameOf(file) === packageName;
}

/** Type arguments of a generic class, interface or tuple. */
export function typeArgumentsOf(type: ts.Type, checker: ts.TypeChecker): readonly ts.Type[] {
  const isReference = type.flags & ts.TypeFlags.Object && (type as ts.ObjectType).objectFlags & ts.ObjectFlags.Reference;
  return isReference ? checker.getTypeArguments(type as ts.TypeReference) : [];
}
