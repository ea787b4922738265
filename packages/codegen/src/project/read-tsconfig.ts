import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { ts } from 'ts-morph';

import { diagnostic, GeneratorError } from '../diagnostics/diagnostic.js';

export interface ReadTsconfig {
  /** Those of the tsconfig itself; of the first project it refers to where it has no files of its own. */
  readonly options: ts.CompilerOptions;
  /** Absolute, with forward slashes; those of referenced projects included. */
  readonly fileNames: readonly string[];
  /** The projects it refers to, directly or not. */
  readonly references: readonly ts.ParsedCommandLine[];
  /** The tsconfig, what it extends and what it refers to. */
  readonly configs: readonly string[];
  /** Folders in which a new file would belong to the project; `true` where that goes for the folders in them too. */
  readonly folders: ReadonlyMap<string, boolean>;
}

/** TypeScript says so when `include` matches nothing; whether that is wrong is for the generator to say. */
const NO_INPUTS = 18_003;

/**
 * Reads a tsconfig with what it extends. Projects it refers to are read along with it: their files count as its own.
 *
 * @throws GeneratorError `PROJECT_NOT_FOUND`, `PROJECT_INVALID`
 */
export function readTsconfig(path: string): ReadTsconfig {
  const collected: Collected = { projects: [], configs: new Set(), folders: new Map() };
  collect(path, collected);
  const { projects, configs, folders } = collected;
  const { options } = projects.find(({ fileNames }) => fileNames.length > 0) ?? projects[0]!;
  const fileNames = new Set(projects.flatMap((project) => project.fileNames.map(slashed)));
  return { options, fileNames: [...fileNames], references: projects.slice(1), configs: [...configs], folders };
}

interface Collected {
  /** The tsconfig’s own first. */
  readonly projects: ts.ParsedCommandLine[];
  readonly configs: Set<string>;
  readonly folders: Map<string, boolean>;
}

function collect(path: string, into: Collected): void {
  into.configs.add(path);
  if (!existsSync(path)) throw new GeneratorError([diagnostic('PROJECT_NOT_FOUND', `There is no ${path}.`)]);
  const { config, error } = ts.readConfigFile(path, (file) => ts.sys.readFile(file));
  if (error) throw invalid(path, [error]);
  const read = (file: string): string | undefined => {
    into.configs.add(slashed(file));
    return ts.sys.readFile(file);
  };
  const parsed = ts.parseJsonConfigFileContent(config, { ...ts.sys, readFile: read }, dirname(path), undefined, path);
  const errors = parsed.errors.filter(({ code }) => code !== NO_INPUTS);
  if (errors.length > 0) throw invalid(path, errors);
  into.projects.push(parsed);
  for (const [folder, flags] of Object.entries(parsed.wildcardDirectories ?? {}))
    into.folders.set(slashed(folder), flags === ts.WatchDirectoryFlags.Recursive);
  for (const reference of parsed.projectReferences ?? []) {
    const referenced = slashed(resolve(dirname(path), ts.resolveProjectReferencePath(reference)));
    if (!into.configs.has(referenced)) collect(referenced, into);
  }
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}

function invalid(path: string, errors: readonly ts.Diagnostic[]): GeneratorError {
  return new GeneratorError(
    errors.map((error) => diagnostic('PROJECT_INVALID', `${path}: ${ts.flattenDiagnosticMessageText(error.messageText, '\n')}`)),
  );
}
