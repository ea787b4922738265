import { join } from 'node:path';
import { packageOrder } from './orders.mjs';
import { dependenciesDeclared, packagesConfined, packagesInOrder, pureRoomsPure, roomsInOrder } from './rules.mjs';
import { readJson, readSourceFiles, readWorkspaces } from './source-tree.mjs';

const rules = [packagesInOrder, roomsInOrder, packagesConfined, pureRoomsPure, dependenciesDeclared];

/**
 * Holds every source file of a tree against every rule.
 * @returns {{ files: number, violations: { path: string, line: number, rule: string, message: string }[] }}
 */
export function findViolations(root) {
  const rootManifest = readJson(join(root, 'package.json'));
  const violations = [];
  let files = 0;
  for (const { folder, manifest } of readWorkspaces(root)) {
    if (!packageOrder[folder]) {
      const message = 'has no place in the order of packages: give it one in scripts/checks/orders.mjs';
      violations.push({ path: `${folder}/package.json`, line: 1, rule: 'package-order', message });
      continue;
    }
    for (const file of readSourceFiles(root, folder)) {
      files += 1;
      for (const rule of rules) {
        for (const found of rule(file, { manifest, rootManifest })) violations.push({ path: file.path, ...found });
      }
    }
  }
  return { files, violations };
}
