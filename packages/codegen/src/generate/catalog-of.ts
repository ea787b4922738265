import type { Catalog, CatalogEntry, TopicEntry } from '../shape/catalog.js';

/** Entries as a catalog: parted by kind, by name in byte order. Of topics that several agents name, one stands for all. */
export function catalogOf(entries: readonly CatalogEntry[], topics: readonly TopicEntry[]): Catalog {
  const sorted = inOrder(entries);
  return {
    agents: sorted.filter((entry) => entry.kind === 'agent'),
    workflows: sorted.filter((entry) => entry.kind === 'workflow'),
    topics: inOrder([...new Map(topics.toReversed().map((topic) => [topic.name, topic])).values()]),
  };
}

function inOrder<Entry extends { readonly name: string }>(entries: readonly Entry[]): Entry[] {
  return entries.toSorted((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
}
