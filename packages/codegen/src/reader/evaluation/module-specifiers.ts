import { ts } from 'ts-morph';

export interface ModuleSpecifier {
  readonly specifier: string;
  /** Whether it says `with { type: 'json' }`. */
  readonly hasAttributes: boolean;
}

/** What a file of which only the text is known imports when it runs. */
export function moduleSpecifiersOf(path: string, text: string): ModuleSpecifier[] {
  return moduleSpecifiersIn(ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, false));
}

/** What a file imports when it runs. Imports of types alone are left out, as the compiler leaves them out. */
export function moduleSpecifiersIn(file: ts.SourceFile): ModuleSpecifier[] {
  const found = file.statements.flatMap(ofStatement);
  if (!/\b(?:import|require)\s*\(/.test(file.text)) return found;
  const known = new Set(found.map(({ specifier }) => specifier));
  const called = ts.preProcessFile(file.text, true, true).importedFiles.map(({ fileName }) => fileName);
  return [...found, ...called.filter((specifier) => !known.has(specifier)).map((specifier) => ({ specifier, hasAttributes: false }))];
}

function ofStatement(statement: ts.Statement): ModuleSpecifier[] {
  if (ts.isImportDeclaration(statement) && ts.isStringLiteral(statement.moduleSpecifier)) {
    return isTypeOnly(statement.importClause)
      ? []
      : [{ specifier: statement.moduleSpecifier.text, hasAttributes: statement.attributes !== undefined }];
  }
  if (ts.isExportDeclaration(statement) && statement.moduleSpecifier && ts.isStringLiteral(statement.moduleSpecifier)) {
    return statement.isTypeOnly ? [] : [{ specifier: statement.moduleSpecifier.text, hasAttributes: statement.attributes !== undefined }];
  }
  if (
    ts.isImportEqualsDeclaration(statement) &&
    ts.isExternalModuleReference(statement.moduleReference) &&
    ts.isStringLiteral(statement.moduleReference.expression)
  ) {
    return statement.isTypeOnly ? [] : [{ specifier: statement.moduleReference.expression.text, hasAttributes: false }];
  }
  return [];
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  return clause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
}
