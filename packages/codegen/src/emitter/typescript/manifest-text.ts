import type { Catalog, CatalogEntry } from '../../shape/catalog.js';
import { perDocument } from '../../shape/per-document.js';
import { jsonSchemaOfDocument } from '../json-schema/document-json-schema.js';
import { jsonLiteral, objectLiteral } from '../text/code-text.js';

export interface ManifestText {
  readonly text: string;
  /** Whether it calls `manifestOf`. */
  readonly needsHelper: boolean;
}

const ABOUT = '/** Brings to run time the schemas that classes do not give themselves: `TaskloomModule.forRoot({ manifest })`. */\n';

export const EMPTY_MANIFEST: ManifestText = {
  needsHelper: false,
  text: `${ABOUT}export const manifest: Manifest = { agents: {}, workflows: {} };\n`,
};

/** The manifest's text: JSON Schemas for the sides that a class gives no schema for. */
export function manifestText(catalog: Catalog): ManifestText {
  const [agents, workflows] = [membersOf(catalog.agents), membersOf(catalog.workflows)];
  if (agents.length + workflows.length === 0) return EMPTY_MANIFEST;
  const groups = [
    ['agents', objectLiteral(agents, '  ')],
    ['workflows', objectLiteral(workflows, '  ')],
  ] as const;
  return { needsHelper: true, text: `${ABOUT}export const manifest = manifestOf(${objectLiteral(groups)});\n` };
}

function membersOf(entries: readonly CatalogEntry[]): (readonly [name: string, sides: string])[] {
  return entries.flatMap(({ name, input, output }) => {
    const sides: (readonly [string, string])[] = [];
    if (!input.given) sides.push(['input', schemaLiteral(input)]);
    if (output && !output.given) sides.push(['output', schemaLiteral(output)]);
    return sides.length === 0 ? [] : [[name, objectLiteral(sides, '    ')] as const];
  });
}

const schemaLiteral = perDocument((document) => jsonLiteral(jsonSchemaOfDocument(document, { marks: true }), '      '));
