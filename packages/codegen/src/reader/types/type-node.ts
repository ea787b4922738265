import { ts } from 'ts-morph';

/*
 * Types forget how they were written. These helpers walk the written type beside the real one, as far as the two agree;
 * where they do not (generics, mapped types) the written one is dropped.
 */

/** The written type without brackets and `readonly`. */
export function bareTypeNode(node: ts.TypeNode): ts.TypeNode {
  if (ts.isParenthesizedTypeNode(node)) return bareTypeNode(node.type);
  if (ts.isTypeOperatorNode(node) && node.operator === ts.SyntaxKind.ReadonlyKeyword) return bareTypeNode(node.type);
  return node;
}

/** The alias that a written type names, when it has no type parameters. */
export function aliasOf(node: ts.TypeNode, checker: ts.TypeChecker): ts.TypeAliasDeclaration | null {
  const bare = bareTypeNode(node);
  if (!ts.isTypeReferenceNode(bare)) return null;
  const symbol = checker.getSymbolAtLocation(bare.typeName);
  const target = symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const declaration = target?.declarations?.find(ts.isTypeAliasDeclaration);
  return declaration && !declaration.typeParameters ? declaration : null;
}

/** What a written type comes to when aliases are followed. */
export function structureOf(node: ts.TypeNode | null, checker: ts.TypeChecker): ts.TypeNode | null {
  if (!node) return null;
  const alias = aliasOf(node, checker);
  return alias ? structureOf(alias.type, checker) : bareTypeNode(node);
}

/** The written type of a list's items: of `T[]`, `Array<T>`, `ReadonlyArray<T>`, `Set<T>` … */
export function argumentNode(node: ts.TypeNode | null, index: number, checker: ts.TypeChecker): ts.TypeNode | null {
  const structure = structureOf(node, checker);
  if (!structure) return null;
  if (ts.isArrayTypeNode(structure)) return index === 0 ? structure.elementType : null;
  if (ts.isTypeReferenceNode(structure)) return structure.typeArguments?.[index] ?? null;
  return null;
}

/** The written type of a declaration, if it has one. */
export function typeNodeOf(declaration: ts.Declaration | undefined): ts.TypeNode | null {
  if (!declaration) return null;
  const { type } = declaration as ts.Declaration & { readonly type?: ts.Node };
  return type && ts.isTypeNode(type) ? type : null;
}

/** The type a written one stands for, when it is the type at hand but for `undefined`; else `null`. */
export function matchingType(node: ts.TypeNode | null, type: ts.Type, checker: ts.TypeChecker): ts.Type | null {
  if (!node) return null;
  const written = checker.getTypeFromTypeNode(node);
  if (written === type) return written;
  const left = definedMembers(written);
  const right = new Set(definedMembers(type));
  return left.length === right.size && left.every((member) => right.has(member)) ? written : null;
}

/** The members of a union but for `undefined`; of any other type, itself. */
export function definedMembers(type: ts.Type): readonly ts.Type[] {
  return type.isUnion() ? type.types.filter((member) => !isUndefined(member)) : [type];
}

export function isUndefined(type: ts.Type): boolean {
  return (type.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void)) !== 0;
}
