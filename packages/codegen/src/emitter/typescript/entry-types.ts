import type { CatalogEntry } from '../../shape/catalog.js';
import type { SchemaDocument } from '../../shape/schema-document.js';
import { docComment } from '../text/code-text.js';
import { annotationLines } from './annotation-lines.js';
import type { ModuleNames } from './module-names.js';
import { typeText, type Side, type TypeTextContext } from './type-text.js';

/**
 * The types of an entry's input and output, each followed by those of its definitions.
 *
 * @param wholeNumber the type of whole numbers in outputs whose values keep their form; default: they do not
 */
export function entryTypes(entry: CatalogEntry, names: ModuleNames, wholeNumber?: string): string[] {
  const { input, output } = names.of(entry);
  const what = `the ${entry.kind} "${entry.name}"`;
  return [
    ...documentTypes(input, entry.input, 'input', `What ${what} is given.`, names),
    ...(entry.output ? documentTypes(output, entry.output, 'output', `What ${what} results in.`, names, wholeNumber) : []),
  ];
}

/** Texts that were made of documents, with everything else that they depend on. */
const known = new WeakMap<SchemaDocument, { readonly key: string; readonly texts: string[] }>();

function documentTypes(
  name: string,
  document: SchemaDocument,
  side: Side,
  about: string,
  names: ModuleNames,
  wholeNumber?: string,
): string[] {
  const definitionNames = new Map([...document.definitions.keys()].map((definition) => [definition, names.definition(name, definition)]));
  const key = JSON.stringify([name, side, about, wholeNumber, ...definitionNames.values()]);
  const found = known.get(document);
  if (found?.key === key) return found.texts;
  const nameOf = (definition: string): string => definitionNames.get(definition) ?? 'unknown';
  const context: TypeTextContext = { side, nameOf, ...(wholeNumber === undefined ? undefined : { wholeNumber }) };
  const texts = printTypes(name, document, about, context);
  known.set(document, { key, texts });
  return texts;
}

function printTypes(name: string, { root, definitions }: SchemaDocument, about: string, context: TypeTextContext): string[] {
  const lines = annotationLines(root.annotations);
  return [
    `${docComment(lines.length > 0 ? lines : [about])}export type ${name} = ${typeText(root, context)};\n`,
    ...[...definitions].map(
      ([definition, shape]) =>
        `${docComment(annotationLines(shape.annotations))}export type ${context.nameOf(definition)} = ${typeText(shape, context)};\n`,
    ),
  ];
}
