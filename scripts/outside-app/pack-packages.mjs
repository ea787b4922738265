import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pnpmBin, root } from '../setup/paths.mjs';
import { run } from '../setup/run.mjs';

/** What an application installs, in the order of their dependencies. */
export const PACKAGES = ['core', 'decorators', 'client', 'codegen', 'cli', 'nest-module'];

/**
 * Packs every package as it would be published.
 * @param {string} folder where the archives go
 * @returns {Promise<{ name: string, folder: string, archive: string }[]>}
 */
export async function packPackages(folder) {
  mkdirSync(folder, { recursive: true });
  const packed = [];
  for (const item of PACKAGES) {
    const source = join(root, 'packages', item);
    const { name, version } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));
    const { ok, output } = await run(pnpmBin, ['pack', '--pack-destination', folder], { cwd: source });
    if (!ok) throw new Error(`${name} cannot be packed.\n${output}`);
    packed.push({ name, folder: source, archive: join(folder, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`) });
  }
  return packed;
}
