import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { readSource } from './read-source.mjs';

/**
 * @typedef {object} SourceFile
 * @property {string} path from the root of the tree, with forward slashes
 * @property {string} folder the workspace folder it lies in, for example `packages/core`
 * @property {boolean} isTest tests and type tests, and what helps them under `test/`
 * @property {{ specifier: string, line: number }[]} imports
 * @property {{ name: string, line: number }[]} calls
 */

/** Every workspace folder of a tree with its manifest. */
export function readWorkspaces(root) {
  return ['packages', 'apps']
    .filter((parent) => existsSync(join(root, parent)))
    .flatMap((parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}`))
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .map((folder) => ({ folder, manifest: readJson(join(root, folder, 'package.json')) }));
}

/** @returns {SourceFile[]} the TypeScript under `src` and `test` of a workspace folder */
export function readSourceFiles(root, folder) {
  return ['src', 'test']
    .filter((part) => existsSync(join(root, folder, part)))
    .flatMap((part) => readdirSync(join(root, folder, part), { recursive: true, encoding: 'utf8' }).map((path) => `${part}/${path}`))
    .map((path) => path.split(sep).join('/'))
    .filter((path) => /\.[cm]?tsx?$/.test(path))
    .sort()
    .map((path) => ({
      path: `${folder}/${path}`,
      folder,
      isTest: path.startsWith('test/') || /\.test(-d)?\.[cm]?tsx?$/.test(path),
      ...readSource(path, readFileSync(join(root, folder, path), 'utf8')),
    }));
}

export function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}
