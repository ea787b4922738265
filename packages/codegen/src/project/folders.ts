import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What stands in a folder, as one text; `null` when there is no such folder. Names that tools keep to themselves are left out. */
export function listingOf(folder: string): string | null {
  try {
    const items = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => !isPrivate(name));
    return items
      .map((item) => `${item.name}${item.isDirectory() ? '/' : ''}`)
      .sort()
      .join('|');
  } catch {
    return null;
  }
}

/** A folder and all folders in it, but for those of tools and for `except`. */
export function foldersIn(folder: string, except: string): string[] {
  if (folder === except) return [];
  try {
    const inner = readdirSync(folder, { withFileTypes: true }).filter((item) => item.isDirectory() && !isPrivate(item.name));
    return [folder, ...inner.flatMap(({ name }) => foldersIn(join(folder, name).replaceAll('\\', '/'), except))];
  } catch {
    return [folder];
  }
}

function isPrivate(name: string): boolean {
  return name === 'node_modules' || name.startsWith('.');
}
