import type { AgentEntry, Catalog, CatalogEntry, TopicEntry } from '../../shape/catalog.js';
import { perDocument } from '../../shape/per-document.js';
import { sampleOf } from '../../shape/sample.js';
import type { SchemaDocument } from '../../shape/schema-document.js';
import { fileStemOf } from '../json-schema/file-stem.js';
import type { DocBook, DocPage, DocRelation, DocSide } from './docs-model.js';
import { linesOf, tablesOfDocument } from './tables-of-document.js';

/** Everything that there is to say of a catalog. */
export function bookOfCatalog(catalog: Catalog): DocBook {
  return {
    agents: catalog.agents.map((entry) => pageOf(entry, catalog)),
    workflows: catalog.workflows.map((entry) => pageOf(entry, catalog)),
    topics: catalog.topics.map((entry) => topicPage(entry, catalog)),
  };
}

function pageOf(entry: CatalogEntry, catalog: Catalog): DocPage {
  const { kind, name, description, version, className, source, input, output } = entry;
  return {
    kind,
    name,
    stem: fileStemOf(name),
    description: linesOf(description),
    origin: { version, className, source },
    capabilities: kind === 'agent' ? entry.capabilities : [],
    sides: [sideOf('input', input), ...(output ? [sideOf('output', output)] : [])],
    relations: kind === 'agent' ? relationsOf(entry, catalog) : [],
    plan: kind === 'workflow' ? (entry.plan ?? { kind: 'no-example' }) : null,
  };
}

function topicPage({ kind, name, description, payload }: TopicEntry, { agents }: Catalog): DocPage {
  const namesOf = (list: 'subscribes' | 'publishes'): string[] =>
    agents.filter((agent) => agent[list].includes(name)).map((agent) => agent.name);
  return {
    kind,
    name,
    stem: fileStemOf(name),
    description: linesOf(description),
    origin: null,
    capabilities: [],
    sides: [sideOf('payload', payload)],
    relations: withNames([
      { label: 'published by', kind: 'agent', names: namesOf('publishes') },
      { label: 'subscribed by', kind: 'agent', names: namesOf('subscribes') },
    ]),
    plan: null,
  };
}

function relationsOf({ name, subscribes, publishes }: AgentEntry, catalog: Catalog): DocRelation[] {
  return withNames([
    { label: 'subscribes', kind: 'topic', names: subscribes },
    { label: 'publishes', kind: 'topic', names: publishes },
    { label: 'used by', kind: 'workflow', names: usersOf(name, catalog) },
  ]);
}

function withNames(relations: readonly DocRelation[]): DocRelation[] {
  return relations.filter(({ names }) => names.length > 0);
}

function sideOf(side: DocSide['side'], document: SchemaDocument): DocSide {
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
