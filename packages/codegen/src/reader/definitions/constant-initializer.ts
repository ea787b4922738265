import { ts } from 'ts-morph';

/** What the constant that an identifier names was initialised with, in whichever file that is. */
export function constantInitializer(node: ts.Expression, checker: ts.TypeChecker): ts.Expression | null {
  if (!ts.isIdentifier(node)) return null;
  const symbol = ts.isShorthandPropertyAssignment(node.parent)
    ? checker.getShorthandAssignmentValueSymbol(node.parent)
    : checker.getSymbolAtLocation(node);
  const target = symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const declaration = target?.valueDeclaration;
  if (!declaration || !ts.isVariableDeclaration(declaration)) return null;
  return ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const ? (declaration.initializer ?? null) : null;
}
