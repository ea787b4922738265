import type { ts } from 'ts-morph';

import type { SourcePlace } from '../diagnostics/diagnostic.js';

/** Where a node starts, with the line it stands on. */
export function placeOf(node: ts.Node): SourcePlace {
  const file = node.getSourceFile();
  const start = node.getStart(file);
  const { line, character } = file.getLineAndCharacterOfPosition(start);
  const lineStart = file.getPositionOfLineAndCharacter(line, 0);
  const text = (file.text.slice(lineStart).split(/\r?\n/, 1)[0] ?? '').slice(0, 240);
  return { file: file.fileName, line: line + 1, column: character + 1, excerpt: { text, length: node.getEnd() - start } };
}
