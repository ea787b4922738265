import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { ts } from 'ts-morph';

import { diagnostic, GeneratorError } from '../diagnostics/diagnostic.js';

export interface ReadTsconfig {
  readonly options: ts.CompilerOptions;
  /** Absolute, with forward slashes; those of referenced projects included. */
  readonly fileNames: readonly string[];
}

/** TypeScript says so when `include` matches nothing; whether that is wrong is for the generator to say. */
const NO_INPUTS = 18_003;

/**
 * Reads a tsconfig with what it extends. Projects it refers to are read along with it: their files count as its own.
 *
 * @throws GeneratorError `PROJECT_NOT_FOUND`, `PROJECT_INVALID`
 */
export function readTsconfig(path: string): ReadTsconfig {
  const fileNames = new Set<string>();
  const options = collect(path, fileNames, new Set());
  return { options, fileNames: [...fileNames] };
}

function collect(path: string, fileNames: Set<string>, seen: Set<string>): ts.CompilerOptions {
  seen.add(path);
  if (!existsSync(path)) throw new GeneratorError([diagnostic('PROJECT_NOT_FOUND', `There is no ${path}.`)]);
  const { config, error } = ts.readConfigFile(path, (file) => ts.sys.readFile(file)) as { config?: unknown; error?: ts.Diagnostic };
  if (error) throw invalid(path, [error]);
  const parsed = ts.parseJsonConfigFileContent(config, ts.sys, dirname(path), undefined, path);
  const errors = parsed.errors.filter(({ code }) => code !== NO_INPUTS);
  if (errors.length > 0) throw invalid(path, errors);
  for (const name of parsed.fileNames) fileNames.add(name.replaceAll('\\', '/'));
  for (const reference of parsed.projectReferences ?? []) {
    const referenced = ts.resolveProjectReferencePath(reference);
    const absolute = resolve(dirname(path), referenced);
    if (!seen.has(absolute)) collect(absolute, fileNames, seen);
  }
  return parsed.options;
}

function invalid(path: string, errors: readonly ts.Diagnostic[]): GeneratorError {
  return new GeneratorError(errors.map((error) => diagnostic('PROJECT_INVALID', `${path}: ${ts.flattenDiagnosticMessageText(error.messageText, '\n')}`)));
}
