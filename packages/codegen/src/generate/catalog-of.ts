import type { Catalog, CatalogEntry } from '../shape/catalog.js';

/** Entries as a catalog: parted by kind, by name in byte order. */
export function catalogOf(entries: readonly CatalogEntry[]): Catalog {
  const sorted = [...entries].sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  return { agents: sorted.filter((entry) => entry.kind === 'agent'), workflows: sorted.filter((entry) => entry.kind === 'workflow') };
}
