import { workspaceFolders } from '../setup/workspace-folders.mjs';
import { read } from './repository.mjs';

const PAGE = 'README.md';
const ROW = /^\| `([^`]+)` \| (\d[\w.-]*) \|/gm;

/** Versions in the README's table of packages that no manifest names. */
export function versionProblems() {
  const manifests = ['.', ...workspaceFolders()].map((folder) => JSON.parse(read(`${folder}/package.json`)));
  const used = new Set(
    manifests
      .flatMap(({ dependencies, devDependencies, optionalDependencies }) =>
        Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies }),
      )
      .map(([name, version]) => /^npm:(.+)@([^@]+)$/.exec(version)?.slice(1).join(' ') ?? `${name} ${version}`),
  );
  return [...read(PAGE).matchAll(ROW)]
    .filter(([, name, version]) => !used.has(`${name} ${version}`))
    .map(([, name, version]) => `${PAGE}: no package uses ${name} ${version}`);
}
