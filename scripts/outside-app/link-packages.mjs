import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../setup/paths.mjs';
import { run } from '../setup/run.mjs';

/** Where dependencies are looked for, beside the folder of the package that has them. */
const ELSEWHERE = ['apps/example-server', 'packages/nest-module', '.'].map((folder) => join(root, folder, 'node_modules'));

/**
 * Installs packed packages without the network: each is unpacked as it is, and what it depends on is linked from this
 * repository.
 * @param {string} app the folder of the application
 * @param {{ name: string, folder: string, archive: string }[]} packed
 * @param {readonly string[]} more what the application needs besides
 */
export async function linkPackages(app, packed, more) {
  const modules = join(app, 'node_modules');
  for (const { name, archive } of packed) {
    const target = join(modules, name);
    mkdirSync(target, { recursive: true });
    const { ok, output } = await run('tar', ['-xzf', archive, '-C', target, '--strip-components=1']);
    if (!ok) throw new Error(`${archive} cannot be unpacked.\n${output}`);
  }
  for (const { folder } of packed) linkAll(folder, join(folder, 'node_modules'), modules);
  linkAll(app, null, modules);
  // What `taskloom init` would install.
  for (const name of ['@nestjs/graphql', '@apollo/server', 'graphql', ...more]) link(name, null, modules);
}

function linkAll(folder, beside, modules) {
  const { dependencies, peerDependencies, optionalDependencies, devDependencies } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  );
  // Those that only develop a package are no business of an application, its own are.
  const names = Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies, ...(beside ? {} : devDependencies) });
  for (const name of names) link(name, beside, modules);
}

function link(name, beside, modules) {
  const target = join(modules, name);
  if (existsSync(target)) return;
  const source = [...ELSEWHERE, ...(beside ? [beside] : [])].map((place) => join(place, name)).find((place) => existsSync(place));
  // An optional dependency may not be there.
  if (source === undefined) return;
  mkdirSync(dirname(target), { recursive: true });
  symlinkSync(source, target, 'junction');
}
