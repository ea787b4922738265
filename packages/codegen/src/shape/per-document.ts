import type { SchemaDocument } from './schema-document.js';

/** Remembers what was made of each document, which never changes: a run after a small change sees most of them again. */
export function perDocument<Result>(make: (document: SchemaDocument) => Result): (document: SchemaDocument) => Result {
  const known = new WeakMap<SchemaDocument, { readonly result: Result }>();
  return (document) => {
    const found = known.get(document);
    if (found) return found.result;
    const result = make(document);
    known.set(document, { result });
    return result;
  };
}
