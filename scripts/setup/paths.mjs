import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Kept between runs, ignored by git, safe to delete. */
export const toolsDir = join(root, '.taskloom-tools');

/** The one place that names the version is `packageManager` in package.json. */
export const pnpmVersion = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager.replace(/^pnpm@([^+]+).*$/, '$1');

export const pnpmDir = join(toolsDir, `pnpm-${pnpmVersion}`);
export const pnpmBinDir = join(pnpmDir, 'node_modules', 'pnpm');
export const pnpmBin = join(pnpmBinDir, process.platform === 'win32' ? 'pnpm.exe' : 'pnpm');

export const turboBin = join(root, 'node_modules', 'turbo', 'bin', 'turbo');
