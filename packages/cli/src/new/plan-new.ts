import { check, GeneratorError } from '@taskloom/codegen';
import { isName } from '@taskloom/core/internal';
import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

import { generatorOptions } from '../commands/generator-arguments.js';
import type { NewArguments } from '../commands/new.command.js';
import { findConfig, loadConfig } from '../config/load-config.js';
import { addToModule } from '../project/add-to-module.js';
import { readProjectManifest } from '../project/project-manifest.js';
import { CliError } from '../terminal/cli-error.js';
import type { Terminal } from '../terminal/terminal.js';
import { agentFiles } from './agent-files.js';
import { classNameOf, sentenceOf } from './class-name.js';
import { findModule } from './find-module.js';
import type { NewNames } from './new-files.js';
import { testRunnerOf } from './test-runner.js';
import { workflowFiles } from './workflow-files.js';

/** One file that is written or changed. */
export interface PlannedFile {
  /** From where the command stands, with forward slashes. */
  readonly path: string;
  readonly isNew: boolean;
  readonly text: string;
}

export interface NewPlan {
  readonly files: readonly PlannedFile[];
  /** What is left to do by hand; `null`: nothing. */
  readonly remark: string | null;
  /** The agents that there are. */
  readonly agentNames: readonly string[];
}

/**
 * What adding an agent or a workflow comes to. Nothing is changed.
 *
 * @throws CliError `NAME_INVALID`, `NAME_TAKEN`, `FILE_EXISTS`, `PROJECT_UNFIT`, `MODULE_AMBIGUOUS`
 */
export async function planNew(kind: 'agent' | 'workflow', name: string, given: NewArguments, { directory }: Terminal): Promise<NewPlan> {
  checkName(name);
  const manifest = readProjectManifest(directory);
  const known = await knownNames(directory);
  if (known[kind].includes(name))
    throw new CliError('NAME_TAKEN', `There is ${kind === 'agent' ? 'an agent' : 'a workflow'} ${name} already.`, 'Choose another name.');
  const folder = resolve(directory, given.path ?? (existsSync(join(directory, 'src/taskloom')) ? 'src/taskloom' : 'src'));
  const fileName = name.toLowerCase();
  const names: NewNames = {
    name,
    className: classNameOf(name),
    fileName,
    description: given.description ?? sentenceOf(name),
    manifestSpecifier: specifierFrom(folder, join(known.outDir, 'taskloom.generated.ts')),
    runner: testRunnerOf(manifest),
  };
  const { source, test } = kind === 'agent' ? agentFiles(names, { hasZod: given.zod ?? false }) : workflowFiles(names);
  const sourcePath = join(folder, `${fileName}.${kind}.ts`);
  const testPath = join(folder, `${fileName}.${kind}.spec.ts`);
  const files = [newFile(sourcePath, source, directory), ...(given.test ? [newFile(testPath, test, directory)] : [])];
  const { changed, remark } = await registration(names.className, sourcePath, given.module, directory);
  return { files: [...files, ...changed], remark, agentNames: known.agent };
}

/** It becomes the name of a class and of a file, too. */
function checkName(name: string): void {
  if (isName(name) && /^[A-Za-z][A-Za-z0-9._-]*$/.test(name)) return;
  throw new CliError(
    'NAME_INVALID',
    `${JSON.stringify(name)} cannot be the name of an agent or workflow with a class of its own.`,
    'Begin with a letter and go on with letters, digits, dots, underscores and hyphens, for example count-words.',
    2,
  );
}

/** What the project has. Mistakes in its sources are for `generate` to tell. */
async function knownNames(directory: string): Promise<{ readonly agent: string[]; readonly workflow: string[]; readonly outDir: string }> {
  const options = generatorOptions({}, await loadConfig(findConfig(directory, undefined), directory), directory);
  try {
    const { catalog, outDir } = await check({ ...options, emit: [] });
    return { agent: catalog.agents.map(({ name }) => name), workflow: catalog.workflows.map(({ name }) => name), outDir };
  } catch (error) {
    if (!(error instanceof GeneratorError)) throw error;
    return { agent: [], workflow: [], outDir: resolve(dirname(options.project!), options.outDir ?? 'src/generated') };
  }
}

function newFile(path: string, text: string, directory: string): PlannedFile {
  const shown = shownFrom(directory, path);
  if (existsSync(path))
    throw new CliError('FILE_EXISTS', `There is a ${shown} already.`, 'Choose another name, or another folder with --path.');
  return { path: shown, isNew: true, text };
}

async function registration(
  className: string,
  sourcePath: string,
  asked: string | false | undefined,
  directory: string,
): Promise<{ readonly changed: readonly PlannedFile[]; readonly remark: string | null }> {
  const path = asked === false ? null : asked === undefined ? findModule(dirname(sourcePath), directory) : resolve(directory, asked);
  if (path === null) return { changed: [], remark: `Add ${className} to the providers of a module.` };
  const entry = { path, list: 'providers', className, specifier: specifierFrom(dirname(path), sourcePath) } as const;
  const text = await addToModule(entry, shownFrom(directory, path));
  return { changed: text === null ? [] : [{ path: shownFrom(directory, path), isNew: false, text }], remark: null };
}

/** How a module is imported from a folder. */
function specifierFrom(folder: string, path: string): string {
  const way = relative(folder, path).replaceAll('\\', '/').replace(/\.ts$/, '.js');
  return way.startsWith('.') ? way : `./${way}`;
}

function shownFrom(directory: string, path: string): string {
  return relative(directory, path).replaceAll('\\', '/');
}
