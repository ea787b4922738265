import ts from 'typescript';

/**
 * What a file imports and which global functions it calls, each with its line.
 * Types count as much as values: `import type`, `import('x').T`, `export … from` and `import('x')` are all imports.
 * @returns {{ imports: { specifier: string, line: number }[], calls: { name: string, line: number }[] }}
 */
export function readSource(path, text) {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const lineOf = (node) => file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
  const imports = [];
  const calls = [];

  const visit = (node) => {
    const specifier = specifierOf(node);
    if (specifier !== undefined) imports.push({ specifier, line: lineOf(node) });
    const name = globalCallOf(node);
    if (name !== undefined) calls.push({ name, line: lineOf(node) });
    ts.forEachChild(node, visit);
  };
  visit(file);
  return { imports, calls };
}

function specifierOf(node) {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier?.text;
  if (ts.isImportTypeNode(node)) return node.argument.literal?.text;
  if (ts.isExternalModuleReference(node)) return node.expression.text;
  const dynamic = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
  if (dynamic && ts.isStringLiteralLike(node.arguments[0])) return node.arguments[0].text;
  return undefined;
}

/** `f()` and `a.f()` by name. `new Date()` counts only without arguments: `new Date(ms)` asks no clock. */
function globalCallOf(node) {
  if (ts.isNewExpression(node)) {
    const readsClock = node.expression.getText() === 'Date' && !node.arguments?.length;
    return readsClock ? 'new Date' : undefined;
  }
  if (!ts.isCallExpression(node)) return undefined;
  const name = node.expression.getText().replace(/^globalThis\./, '');
  return /^\w+(\.\w+)?$/.test(name) ? name : undefined;
}
