import type { ts } from 'ts-morph';

import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { DefinitionHead } from './definition-head.js';
import { findDefinitions } from './find-definitions.js';
import { readHead } from './read-head.js';

/** The definitions of one file, and what is wrong with them. */
export interface FileHeads {
  readonly heads: readonly DefinitionHead[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What was read of files without asking the compiler, and so holds as long as the file does. */
const known = new WeakMap<ts.SourceFile, FileHeads>();

/** Finds the definitions of a file and reads their heads. */
export function fileHeads(file: ts.SourceFile, checkerOf: () => ts.TypeChecker): FileHeads {
  const found = known.get(file);
  if (found) return found;
  let isAsked = false;
  const checker = (): ts.TypeChecker => {
    isAsked = true;
    return checkerOf();
  };
  const { definitions, diagnostics } = findDefinitions(file, checker);
  const results = definitions.map((definition) => readHead(definition, checker));
  const heads = results.flatMap((result) => ('head' in result ? [result.head] : []));
  const problems = results.flatMap((result) => ('problem' in result ? [result.problem] : []));
  const read: FileHeads = { heads, diagnostics: [...diagnostics, ...problems] };
  if (!isAsked) known.set(file, read);
  return read;
}
