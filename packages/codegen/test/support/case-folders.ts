import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of all cases. A case is a folder; what is expected of it lies inside. */
export const CASES = fileURLToPath(new URL('../cases/', import.meta.url));

/** Set to write what is found as what is expected; the diff is then for a person to read. */
export const isUpdating = process.env['UPDATE_CASES'] === '1';

export function caseNames(group: string): string[] {
  return readdirSync(join(CASES, group), { withFileTypes: true })
    .filter((item) => item.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** All files below a folder, by path, as text. */
export function readTree(folder: string): { [path: string]: string } {
  const tree: { [path: string]: string } = {};
  const visit = (path: string): void => {
    for (const name of readdirSync(join(folder, path)).sort()) {
      const inner = path === '' ? name : `${path}/${name}`;
      if (statSync(join(folder, inner)).isDirectory()) visit(inner);
      else tree[inner] = readFileSync(join(folder, inner), 'utf8');
    }
  };
  try {
    visit('');
  } catch {
    return {};
  }
  return tree;
}

export function writeTree(folder: string, tree: { readonly [path: string]: string }): void {
  rmSync(folder, { recursive: true, force: true });
  for (const [path, text] of Object.entries(tree)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
