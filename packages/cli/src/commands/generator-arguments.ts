import type { RunOptions } from '@taskloom/codegen/run';
import { InvalidArgumentError, type Command } from 'commander';
import { isAbsolute, join } from 'node:path';

import type { LoadedConfig } from '../config/load-config.js';

/** Arguments of every command that reads a project. */
export interface GeneratorArguments {
  readonly config?: string;
  readonly project?: string;
  readonly out?: string;
  readonly evaluationTimeout?: number;
}

export function addGeneratorArguments(command: Command): Command {
  return command
    .option('-c, --config <file>', 'the configuration (default: taskloom.config.ts, if there is one)')
    .option('-p, --project <tsconfig>', 'the project to read (default: tsconfig.json)')
    .option('-o, --out <folder>', 'where generated files go, from the folder of the tsconfig (default: src/generated)')
    .option('--evaluation-timeout <ms>', 'longest time a module may take to load when its schemas are read (default: 30000)', milliseconds);
}

/** Arguments, the configuration where they say nothing, and defaults where neither does. */
export function generatorOptions(given: GeneratorArguments, { config, tsconfig }: LoadedConfig, directory: string): RunOptions {
  const { project, out, evaluationTimeout } = given;
  const outDir = out ?? config.outDir;
  const evaluationTimeoutMs = evaluationTimeout ?? config.evaluationTimeoutMs;
  return {
    project: project === undefined ? tsconfig : isAbsolute(project) ? project : join(directory, project),
    ...(outDir === undefined ? undefined : { outDir }),
    ...(evaluationTimeoutMs === undefined ? undefined : { evaluationTimeoutMs }),
    ...(config.emit && { emit: config.emit }),
    ...(config.plugins && { plugins: config.plugins }),
  };
}

/** What was said on the command line, for saying it again. */
export function spelledOut({ config, project, out, evaluationTimeout }: GeneratorArguments): string {
  const parts = Object.entries({ config, project, out, 'evaluation-timeout': evaluationTimeout });
  return parts.flatMap(([name, value]) => (value === undefined ? [] : ` --${name} ${quoted(String(value))}`)).join('');
}

function quoted(argument: string): string {
  return /^[\w./@-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}

function milliseconds(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Write a whole number of milliseconds.');
  return value;
}
