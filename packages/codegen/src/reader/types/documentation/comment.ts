import { ts } from 'ts-morph';

/** A symbol's documentation comment without its tags, or `null` when there is none. */
export function commentOf(symbol: ts.Symbol, checker: ts.TypeChecker): string | null {
  const text = ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim();
  return text === '' ? null : text;
}

export interface DocumentationTag {
  readonly name: string;
  readonly text: string;
}

/** A symbol's documentation tags, in order, each with its text. */
export function tagsOf(symbol: ts.Symbol, checker: ts.TypeChecker): DocumentationTag[] {
  return symbol.getJsDocTags(checker).map(({ name, text }) => ({ name, text: ts.displayPartsToString(text).trim() }));
}
