import { existsSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

import type { SourceProject } from '../source-project.js';
import type { LoadTable } from './evaluation-protocol.js';
import { moduleSpecifiersOf } from './module-specifiers.js';
import { formatOf, transpile } from './transpile.js';

/**
 * Everything that Node needs to load the given TypeScript files and what they import, without a compiler of its own:
 * the JavaScript of each, and where its imports lead. Imports that lead into packages are left to Node.
 *
 * @param bindings the names to hand over, by file
 */
export function buildLoadTable(project: SourceProject, bindings: ReadonlyMap<string, readonly string[]>): LoadTable {
  const known = new Map(project.files.map((file) => [file.fileName, file]));
  const resolutions: { [url: string]: { [specifier: string]: string } } = {};
  const sources: { [url: string]: LoadTable['sources'][string] } = {};
  const queue = [...bindings.keys()];
  const seen = new Set(queue);

  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    const url = urlOf(path);
    if (path.endsWith('.json')) {
      sources[url] = { format: 'module', source: `export default ${readFileSync(path, 'utf8')}` };
      continue;
    }
    const text = project.overlaid(path) ?? known.get(path)?.text ?? readFileSync(path, 'utf8');
    const format = formatOf(path, project);
    sources[url] = { format, source: transpile(path, text + handOver(url, bindings.get(path) ?? []), format, project.options) };
    const targets: { [specifier: string]: string } = {};
    for (const { specifier, hasAttributes } of moduleSpecifiersOf(path, text)) {
      const target = project.resolve(specifier, path);
      if (target === null) continue;
      project.dependOn(target);
      if (!isOurs(target, project)) continue;
      targets[specifier] = urlOf(target);
      // Node reads JSON itself where it was asked to, and where it is required.
      if (target.endsWith('.json') && (hasAttributes || format === 'commonjs')) continue;
      if (!seen.has(target)) queue.push(target);
      seen.add(target);
    }
    if (Object.keys(targets).length > 0) resolutions[url] = targets;
  }
  return { resolutions, sources };
}

/** A last statement that hands the module's own bindings over, exported or not. */
function handOver(url: string, names: readonly string[]): string {
  return names.length === 0
    ? ''
    : `\n;globalThis[Symbol.for('taskloom.schema-bindings')](${JSON.stringify(url)}, { ${names.join(', ')} });\n`;
}

/** TypeScript and JSON are loaded by us, whichever package they lie in; JavaScript and declarations are Node's. */
function isOurs(path: string, project: SourceProject): boolean {
  const isOurKind = /\.(?:[cm]?tsx?|json)$/.test(path) && !/\.d\.[cm]?ts$/.test(path);
  return isOurKind && (project.overlaid(path) !== null || existsSync(path));
}

function urlOf(path: string): string {
  return pathToFileURL(path).href;
}
