import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';

import { CliError } from '../terminal/cli-error.js';

/**
 * The module that a class in `folder` belongs to: the one in the nearest folder from there up to `root`. Where there are
 * several, the one that is named as the folder, or `app.module.ts`.
 *
 * @returns its absolute path; `null` where there is none
 * @throws CliError `MODULE_AMBIGUOUS`
 */
export function findModule(folder: string, root: string): string | null {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.module.ts')) : [];
  const [only] = names;
  if (only !== undefined && names.length === 1) return join(folder, only);
  const named = names.find((name) => name === `${basename(folder)}.module.ts`) ?? names.find((name) => name === 'app.module.ts');
  if (named !== undefined) return join(folder, named);
  if (names.length > 1)
    throw new CliError(
      'MODULE_AMBIGUOUS',
      `There are several modules in ${relative(root, folder) || '.'}: ${names.sort().join(', ')}.`,
      'Say with --module which one it shall be, or --no-module.',
    );
  return folder === root || dirname(folder) === folder ? null : findModule(dirname(folder), root);
}
