import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.js';
import type { SchemaDocument } from '../shape/schema-document.js';
import type { DefinitionHead } from './definitions/definition-head.js';
import type { EvaluatedSide } from './evaluation/evaluation-protocol.js';
import { readJsonSchema } from './json-schema/read-json-schema.js';
import { placeOf } from './source-place.js';

/** The document of a schema that a definition gives, or what is wrong with it. */
export function givenDocument(head: DefinitionHead, side: 'input' | 'output', evaluated: EvaluatedSide): SchemaDocument | Diagnostic {
  const place = placeOf(head[side].node);
  const owner = `The \`${side}\` of ${head.found.binding}`;
  switch (evaluated.kind) {
    case 'schema':
      return readJsonSchema(evaluated.schema);
    case 'not-standard':
      return diagnostic('SCHEMA_NOT_STANDARD', `${owner} is no schema.`, { place });
    case 'not-json':
      return diagnostic('SCHEMA_NOT_JSON', `${owner} cannot be written as JSON Schema: ${evaluated.reason}`, { place });
  }
}
