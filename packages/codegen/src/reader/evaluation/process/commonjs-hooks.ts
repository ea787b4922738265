/* oxlint-disable no-underscore-dangle -- Node's own names */
/*
 * CommonJS modules are given to Node's own CommonJS loader: module hooks would take it out of the loop, and with it the
 * `require` of ES modules.
 */
import Module, { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

import type { LoadTable } from '../evaluation-protocol.js';

/** The parts of Node's CommonJS loader that tools have always hooked into, and that have no types. */
interface CommonJsLoader {
  readonly _extensions: { [extension: string]: (module: CompilableModule, path: string) => void };
  _resolveFilename: (request: string, parent: { readonly filename?: string | null } | null | undefined, ...rest: unknown[]) => string;
}

interface CompilableModule {
  _compile(source: string, path: string): void;
}

const EXTENSIONS = ['.ts', '.tsx', '.cts', '.mts'];

/** @param tableOf the table that holds when a module is asked for */
export function installCommonJsHooks(tableOf: () => LoadTable): void {
  const loader = Module as unknown as CommonJsLoader;
  for (const extension of EXTENSIONS) {
    const otherwise = loader._extensions[extension] ?? loader._extensions['.js']!;
    loader._extensions[extension] = (module, path) => {
      const known = tableOf().sources[pathToFileURL(path).href];
      if (known?.format === 'commonjs') module._compile(known.source, path);
      else otherwise(module, path);
    };
  }
  const resolveFilename = loader._resolveFilename;
  loader._resolveFilename = function resolveFromTable(request, parent, ...rest) {
    const targets = parent?.filename ? tableOf().resolutions[pathToFileURL(parent.filename).href] : undefined;
    const target = targets && Object.hasOwn(targets, request) ? targets[request] : undefined;
    return target === undefined ? resolveFilename.call(this, request, parent, ...rest) : fileURLToPath(target);
  };
}

/** Loads a CommonJS module by its URL. */
export function requireUrl(url: string): unknown {
  return createRequire(url)(fileURLToPath(url));
}
