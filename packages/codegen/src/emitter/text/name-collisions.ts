import { diagnostic, type Diagnostic } from '../../diagnostics/diagnostic.js';
import type { CatalogEntry, TopicEntry } from '../../shape/catalog.js';

/** Entries that one emitter would call alike. `called` says what: `would both be called CountLines in generated code`. */
export function nameCollisions<Entry extends CatalogEntry | TopicEntry>(
  entries: readonly Entry[],
  keyOf: (entry: Entry) => string,
  called: (key: string) => string,
): Diagnostic[] {
  const owners = new Map<string, Entry>();
  return entries.flatMap((entry) => {
    const key = keyOf(entry);
    const known = owners.get(key);
    if (!known) owners.set(key, entry);
    if (!known) return [];
    return diagnostic('NAME_COLLISION', `The ${entry.kind} "${entry.name}" and the ${known.kind} "${known.name}" ${called(key)}.`, {
      place: entry.place,
      related: [{ message: `"${known.name}" is named here`, place: known.place }],
    });
  });
}
