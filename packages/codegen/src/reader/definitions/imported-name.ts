import { ts } from 'ts-morph';

/** What a local name was imported as: the module it came from and the name it has there. */
export interface ImportedName {
  readonly module: string;
  readonly name: string;
}

/** Where an expression such as `TaskAgent`, `Agent` (an alias) or `taskloom.TaskAgent` was imported from, if it was. */
export function importedNameOf(expression: ts.Expression): ImportedName | null {
  const file = expression.getSourceFile();
  if (ts.isIdentifier(expression)) return namedImport(file, expression.text);
  if (ts.isPropertyAccessExpression(expression) && ts.isIdentifier(expression.expression)) {
    const module = namespaceImport(file, expression.expression.text);
    return module === null ? null : { module, name: expression.name.text };
  }
  return null;
}

function namedImport(file: ts.SourceFile, local: string): ImportedName | null {
  for (const { module, clause } of importsOf(file)) {
    if (!clause.namedBindings || !ts.isNamedImports(clause.namedBindings)) continue;
    const element = clause.namedBindings.elements.find(({ name }) => name.text === local);
    if (element) return { module, name: (element.propertyName ?? element.name).text };
  }
  return null;
}

function namespaceImport(file: ts.SourceFile, local: string): string | null {
  for (const { module, clause } of importsOf(file)) {
    if (clause.namedBindings && ts.isNamespaceImport(clause.namedBindings) && clause.namedBindings.name.text === local) return module;
  }
  return null;
}

function* importsOf(file: ts.SourceFile): Generator<{ module: string; clause: ts.ImportClause }> {
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement) || !statement.importClause || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    yield { module: statement.moduleSpecifier.text, clause: statement.importClause };
  }
}
