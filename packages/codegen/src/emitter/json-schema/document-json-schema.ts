import type { Json, JsonObject } from '@taskloom/core';

import { perDocument } from '../../shape/per-document.js';
import type { SchemaDocument } from '../../shape/schema-document.js';
import { jsonSchemaOfShape, type JsonSchemaOptions } from './shape-json-schema.js';

/** A document as a self-contained JSON Schema 2020-12. A schema that was given stands as it is. */
export function jsonSchemaOfDocument(document: SchemaDocument, { marks }: JsonSchemaOptions = { marks: false }): JsonObject {
  return marks ? markedSchema(document) : plainSchema(document);
}

const plainSchema = perDocument((document) => schemaOf(document, { marks: false }));
const markedSchema = perDocument((document) => schemaOf(document, { marks: true }));

function schemaOf(document: SchemaDocument, options: JsonSchemaOptions): JsonObject {
  if (document.given) return document.given;
  const root = jsonSchemaOfShape(document.root, options);
  if (document.definitions.size === 0) return root;
  const definitions: { [name: string]: Json } = Object.create(null) as { [name: string]: Json };
  for (const [name, shape] of document.definitions) definitions[name] = jsonSchemaOfShape(shape, options);
  return { ...root, $defs: definitions };
}
