import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { moduleSpecifiersOf } from '../reader/evaluation/module-specifiers.js';

const ENDINGS = ['', '.ts', '.mts', '.js', '.mjs', '.json', '/index.ts', '/index.js'];

/** A file, and every file that it imports by a relative path, directly or not. What cannot be found is left out. */
export function withLocalImports(path: string): string[] {
  const found = new Set([path]);
  for (const file of found) {
    if (file.endsWith('.json')) continue;
    for (const { specifier } of moduleSpecifiersOf(file, readFileSync(file, 'utf8'))) {
      const target = specifier.startsWith('.') ? findFile(resolve(dirname(file), specifier)) : undefined;
      if (target !== undefined) found.add(target);
    }
  }
  return [...found];
}

/** `./a.js` may be written for `./a.ts`. */
function findFile(base: string): string | undefined {
  const bases = [base, base.replace(/\.([cm]?)js$/, '.$1ts')];
  return bases.flatMap((one) => ENDINGS.map((ending) => one + ending)).find((one) => existsSync(one) && statSync(one).isFile());
}
