import type { CatalogEntry } from '../../shape/catalog.js';
import type { SchemaDocument } from '../../shape/schema-document.js';
import { docComment } from '../text/code-text.js';
import { annotationLines } from './annotation-lines.js';
import type { ModuleNames } from './module-names.js';
import { typeText, type Side } from './type-text.js';

/** The types of an entry's input and output, each followed by those of its definitions. */
export function entryTypes(entry: CatalogEntry, names: ModuleNames): string[] {
  const { input, output } = names.of(entry);
  const what = `the ${entry.kind} "${entry.name}"`;
  return [
    ...documentTypes(input, entry.input, 'input', `What ${what} is given.`, names),
    ...(entry.output ? documentTypes(output, entry.output, 'output', `What ${what} results in.`, names) : []),
  ];
}

function documentTypes(name: string, { root, definitions }: SchemaDocument, side: Side, about: string, names: ModuleNames): string[] {
  const definitionNames = new Map([...definitions.keys()].map((definition) => [definition, names.definition(name, definition)]));
  const context = { side, nameOf: (definition: string): string => definitionNames.get(definition) ?? 'unknown' };
  const lines = annotationLines(root.annotations);
  return [
    `${docComment(lines.length > 0 ? lines : [about])}export type ${name} = ${typeText(root, context)};\n`,
    ...[...definitions].map(
      ([definition, shape]) =>
        `${docComment(annotationLines(shape.annotations))}export type ${definitionNames.get(definition)!} = ${typeText(shape, context)};\n`,
    ),
  ];
}
