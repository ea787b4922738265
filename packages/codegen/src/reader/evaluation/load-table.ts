import { existsSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

import type { ts } from 'ts-morph';

import type { SourceProject } from '../source-project.js';
import type { LoadTable } from './evaluation-protocol.js';
import { moduleSpecifiersIn, moduleSpecifiersOf } from './module-specifiers.js';
import { formatOf, transpile, type Transpilable } from './transpile.js';

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
  const transpilable: Transpilable[] = [];
  const seen = new Set(bindings.keys());

  for (const path of seen) {
    const url = urlOf(path);
    if (path.endsWith('.json')) {
      sources[url] = { format: 'module', source: `export default ${readFileSync(path, 'utf8')}` };
      continue;
    }
    const overlaid = project.overlaid(path);
    const parsed = overlaid === null ? known.get(path) : undefined;
    const text = overlaid ?? parsed?.text ?? readFileSync(path, 'utf8');
    const format = formatOf(path, project);
    transpilable.push({ path, text: text + handOver(url, bindings.get(path) ?? []), format });
    const targets: { [specifier: string]: string } = {};
    for (const { specifier, hasAttributes } of parsed ? moduleSpecifiersIn(parsed) : moduleSpecifiersOf(path, text)) {
      const target = project.resolve(specifier, path);
      if (target === null) continue;
      project.dependOn(target);
      if (!isOurs(target, project)) continue;
      targets[specifier] = urlOf(target);
      // Node reads JSON itself where it was asked to, and where it is required.
      if (target.endsWith('.json') && (hasAttributes || format === 'commonjs')) continue;
      seen.add(target);
    }
    if (Object.keys(targets).length > 0) resolutions[url] = targets;
  }
  const texts = transpile(transpilable, project.options);
  for (const { path, format } of transpilable) sources[urlOf(path)] = { format, source: texts.get(path) ?? '' };
  return { resolutions, sources };
}

/** The packages that files import themselves, as they are written. */
export function packagesOf(files: Iterable<ts.SourceFile>): string[] {
  const specifiers = [...new Set(files)].flatMap((file) => moduleSpecifiersIn(file).map(({ specifier }) => specifier));
  return [...new Set(specifiers)].filter((specifier) => !specifier.startsWith('.')).sort();
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
