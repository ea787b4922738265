import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const namesByDirectory = new Map<string, string | null>();

/** The name in the nearest package.json at or above a file, or `null`. Remembered: packages do not change their names while we look. */
export function packageNameOf(file: string): string | null {
  return nameAbove(dirname(file));
}

function nameAbove(directory: string): string | null {
  const known = namesByDirectory.get(directory);
  if (known !== undefined) return known;
  const parent = dirname(directory);
  const name = nameIn(directory) ?? (parent === directory ? null : nameAbove(parent));
  namesByDirectory.set(directory, name);
  return name;
}

function nameIn(directory: string): string | null {
  try {
    const { name } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as { name?: unknown };
    return typeof name === 'string' ? name : null;
  } catch {
    return null;
  }
}
