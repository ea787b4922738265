import type { JsonObject } from '@taskloom/core';

import type { Catalog, CatalogEntry, TopicEntry } from '../../shape/catalog.js';
import type { SchemaDocument } from '../../shape/schema-document.js';
import type { Emission, EmittedFile, Emitter } from '../emitter.js';
import { HEADER } from '../text/header.js';
import { nameCollisions } from '../text/name-collisions.js';
import { jsonSchemaOfDocument } from './document-json-schema.js';
import { fileStemOf } from './file-stem.js';

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/** JSON Schema 2020-12 files: `schemas/<name>.input.json` and `schemas/<name>.output.json` for each agent and workflow,
 * `schemas/<name>.payload.json` for each topic. */
export const jsonSchemaEmitter: Emitter = {
  name: 'json-schema',
  emit(catalog: Catalog): Emission {
    const entries = [...catalog.agents, ...catalog.workflows];
    // Some file systems do not tell upper from lower case.
    const stemOf = ({ name }: { readonly name: string }): string => fileStemOf(name).toLowerCase();
    const sameFiles = (): string => 'would have the same schema files';
    const diagnostics = [...nameCollisions(entries, stemOf, sameFiles), ...nameCollisions(catalog.topics, stemOf, sameFiles)];
    const topics = catalog.topics.map((topic) => file(topic, 'payload', topic.payload));
    return { files: [...entries.flatMap(filesOf), ...topics], diagnostics };
  },
};

function filesOf(entry: CatalogEntry): EmittedFile[] {
  const files = [file(entry, 'input', entry.input)];
  if (entry.output) files.push(file(entry, 'output', entry.output));
  return files;
}

/** Texts that were made of documents, with the names that they carry. */
const known = new WeakMap<SchemaDocument, EmittedFile & { readonly id: string }>();

function file(entry: CatalogEntry | TopicEntry, side: 'input' | 'output' | 'payload', document: SchemaDocument): EmittedFile {
  const id = `urn:taskloom:${entry.kind}:${entry.name}:${side}`;
  const found = known.get(document);
  if (found?.id === id) return found;
  const made = { id, path: `schemas/${fileStemOf(entry.name)}.${side}.json`, text: textOf(document, id) };
  known.set(document, made);
  return made;
}

function textOf(document: SchemaDocument, id: string): string {
  const { $schema = DIALECT, $id = id, ...rest } = jsonSchemaOfDocument(document) as JsonObject & { $schema?: string; $id?: string };
  return `${JSON.stringify({ $comment: HEADER, $schema, $id, ...rest }, null, 2)}\n`;
}
