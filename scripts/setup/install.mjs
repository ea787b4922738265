import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pnpmBin, root } from './paths.mjs';
import { run } from './run.mjs';
import { SetupError } from './setup-error.mjs';
import { driverIsCompiled, sqliteDriverLoads } from './sqlite-driver.mjs';
import { workspaceFolders } from './workspace-folders.mjs';

/** Lies inside node_modules, so that it goes when they go. */
const stampFile = join(root, 'node_modules', '.taskloom-install');

export function packagesAreCurrent() {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp();
}

/** Installs what the lockfile names and proves that the SQLite driver loads. */
export async function installPackages() {
  const isFirst = !existsSync(join(root, 'node_modules'));
  let output = await pnpmInstall();
  // pnpm does not look again at what another Node version made it skip or compile, so a changed Node begins afresh.
  if (!isFirst && !(await sqliteDriverLoads())) {
    await Promise.all(
      ['.', ...workspaceFolders()].map((folder) => rm(join(root, folder, 'node_modules'), { recursive: true, force: true })),
    );
    output = await pnpmInstall();
  }
  if (!(await sqliteDriverLoads())) throw new SetupError('The SQLite driver does not load.', remedyFor(output), output);
  writeFileSync(stampFile, stamp());
}

async function pnpmInstall() {
  // The age of each version was checked when it entered the lockfile; asking the registry again costs ten seconds.
  const args = ['install', '--frozen-lockfile', '--config.minimum-release-age=0', '--config.confirm-modules-purge=false'];
  // Only the driver has an install script worth running, and only where it must be compiled.
  const { ok, output } = await run(pnpmBin, driverIsCompiled ? args : [...args, '--ignore-scripts']);
  if (!ok) throw new SetupError('pnpm could not install the packages.', remedyFor(output), output);
  return output;
}

/** Changes when another install is due: dependencies, settings, or the Node the driver was built for. */
function stamp() {
  const hash = createHash('sha256');
  const manifests = workspaceFolders().map((folder) => join(folder, 'package.json'));
  for (const file of ['package.json', 'pnpm-workspace.yaml', 'pnpm-lock.yaml', ...manifests]) {
    hash.update(file).update(readFileSync(join(root, file)));
  }
  return [process.platform, process.arch, process.versions.modules, hash.digest('hex')].join(' ');
}

function remedyFor(output) {
  if (/OUTDATED_LOCKFILE/.test(output)) {
    return ['package.json and pnpm-lock.yaml disagree. Update the lockfile and commit it:   npm run pnpm -- install'];
  }
  if (/gyp ERR|node-gyp/.test(output)) {
    return [
      'The SQLite driver could not be compiled; the compiler’s own message is above.',
      'It takes a C++ compiler with C++20, make, Python 3 and Node’s headers (node-gyp downloads them when they are not installed).',
      'Or use Node 22.14 or newer, which needs no compiler.',
    ];
  }
  if (/ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|META_FETCH_FAIL|FETCH_\d+/.test(output)) {
    return ['Check the network, and that npm reaches its registry:   npm ping'];
  }
  return ['The message is above. To begin afresh, delete node_modules and .taskloom-tools, and run the command again.'];
}
