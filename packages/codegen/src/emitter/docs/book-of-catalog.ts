import type { Catalog, CatalogEntry } from '../../shape/catalog.js';
import { perDocument } from '../../shape/per-document.js';
import { sampleOf } from '../../shape/sample.js';
import type { SchemaDocument } from '../../shape/schema-document.js';
import { fileStemOf } from '../json-schema/file-stem.js';
import type { DocBook, DocPage, DocSide } from './docs-model.js';
import { linesOf, tablesOfDocument } from './tables-of-document.js';

/** Everything that there is to say of a catalog. */
export function bookOfCatalog(catalog: Catalog): DocBook {
  return {
    agents: catalog.agents.map((entry) => pageOf(entry, catalog)),
    workflows: catalog.workflows.map((entry) => pageOf(entry, catalog)),
  };
}

function pageOf(entry: CatalogEntry, catalog: Catalog): DocPage {
  return {
    kind: entry.kind,
    name: entry.name,
    stem: fileStemOf(entry.name),
    description: linesOf(entry.description),
    version: entry.version,
    capabilities: entry.kind === 'agent' ? entry.capabilities : [],
    className: entry.className,
    source: entry.source,
    input: sideOf('input', entry.input),
    output: entry.output && sideOf('output', entry.output),
    plan: entry.kind === 'workflow' ? (entry.plan ?? { kind: 'no-example' }) : null,
    usedBy: entry.kind === 'agent' ? usersOf(entry.name, catalog) : [],
  };
}

function sideOf(side: 'input' | 'output', document: SchemaDocument): DocSide {
  return { side, ...contentOf(document) };
}

const contentOf = perDocument((document): Omit<DocSide, 'side'> => {
  const sample = sampleOf(document);
  return { tables: tablesOfDocument(document), example: sample === undefined ? null : JSON.stringify(sample, null, 2) };
});

function usersOf(agent: string, { workflows }: Catalog): string[] {
  return workflows
    .filter(({ plan }) => plan?.kind === 'drawn' && plan.graph.tasks.some((task) => task.agent === agent))
    .map(({ name }) => name);
}
