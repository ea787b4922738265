import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pnpmBin, root } from '../setup/paths.mjs';
import { run } from '../setup/run.mjs';
import { workspaceFolders } from '../setup/workspace-folders.mjs';

/** What an application names, the other packages follow from it. */
const NAMED = ['@taskloom/cli', '@taskloom/client', '@taskloom/nest'];

/**
 * Packs what an application installs, as it would be published.
 * @param {string} folder where the archives go
 * @returns {Promise<{ name: string, folder: string, archive: string }[]>} what others depend on comes first
 */
export async function packPackages(folder) {
  mkdirSync(folder, { recursive: true });
  const packed = [];
  for (const { name, version, source } of withDependencies(NAMED)) {
    const { ok, output } = await run(pnpmBin, ['pack', '--pack-destination', folder], { cwd: source });
    if (!ok) throw new Error(`${name} cannot be packed.\n${output}`);
    packed.push({ name, folder: source, archive: join(folder, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`) });
  }
  return packed;
}

function withDependencies(named) {
  const workspace = new Map(
    workspaceFolders().map((folder) => {
      const source = join(root, folder);
      const item = { ...JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')), source };
      return [item.name, item];
    }),
  );
  const found = new Set();
  const visit = (name) => {
    const item = workspace.get(name);
    if (item === undefined || found.has(item)) return;
    Object.keys({ ...item.dependencies, ...item.peerDependencies }).forEach(visit);
    found.add(item);
  };
  named.forEach(visit);
  return [...found];
}
