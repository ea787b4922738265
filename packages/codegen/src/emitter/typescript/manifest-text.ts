import type { JsonObject } from '@taskloom/core';

import type { Catalog, CatalogEntry } from '../../shape/catalog.js';
import { jsonSchemaOfDocument } from '../json-schema/document-json-schema.js';
import { jsonLiteral } from '../text/code-text.js';

/** The manifest's text: JSON Schemas for the sides that a class gives no schema for. */
export function manifestText(catalog: Catalog): { readonly text: string; readonly needsHelper: boolean } {
  const agents = schemasOf(catalog.agents);
  const workflows = schemasOf(catalog.workflows);
  const needsHelper = Object.keys(agents).length + Object.keys(workflows).length > 0;
  const about = '/** Brings to run time the schemas that classes do not give themselves: `TaskloomModule.forRoot({ manifest })`. */\n';
  return needsHelper
    ? { needsHelper, text: `${about}export const manifest = manifestOf(${jsonLiteral({ agents, workflows })});\n` }
    : { needsHelper, text: `${about}export const manifest: Manifest = { agents: {}, workflows: {} };\n` };
}

function schemasOf(entries: readonly CatalogEntry[]): { [name: string]: JsonObject } {
  const schemas: { [name: string]: JsonObject } = {};
  for (const entry of entries) {
    const sides: { [side: string]: JsonObject } = {};
    if (!entry.input.given) sides['input'] = jsonSchemaOfDocument(entry.input, { marks: true });
    if (entry.output && !entry.output.given) sides['output'] = jsonSchemaOfDocument(entry.output, { marks: true });
    if (Object.keys(sides).length > 0) schemas[entry.name] = sides;
  }
  return schemas;
}
