import { diagnostic, type Diagnostic } from '../../diagnostics/diagnostic.js';
import type { CatalogEntry } from '../../shape/catalog.js';

/** Names that Windows keeps for devices, whatever follows the first dot. */
const DEVICES = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** A name as the stem of a file name on every file system: `a:b` → `a~3ab`. */
export function fileStemOf(name: string): string {
  const safe = name.replace(/[^A-Za-z0-9._-]/g, (character) => `~${character.codePointAt(0)!.toString(16)}`).replace(/^\.+/, (dots) => '~2e'.repeat(dots.length));
  return DEVICES.test(safe) ? `~${safe}` : safe;
}

/** Entries whose files would be the same one where upper and lower case are not told apart. */
export function fileStemCollisions(entries: readonly CatalogEntry[]): Diagnostic[] {
  const owners = new Map<string, CatalogEntry>();
  const diagnostics: Diagnostic[] = [];
  for (const entry of entries) {
    const stem = fileStemOf(entry.name).toLowerCase();
    const known = owners.get(stem);
    if (!known) owners.set(stem, entry);
    else
      diagnostics.push(
        diagnostic('NAME_COLLISION', `The ${entry.kind} "${entry.name}" and the ${known.kind} "${known.name}" would have the same schema files.`, {
          place: entry.place,
          related: [{ message: `"${known.name}" is named here`, place: known.place }],
        }),
      );
  }
  return diagnostics;
}
