import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';

import { DEFAULT_OPTIONS } from '@taskloom/codegen/run';

import { CliError } from '../terminal/cli-error.js';
import type { TaskloomConfig } from './config.js';

/** A configuration with everything that follows from where it lies. */
export interface LoadedConfig {
  readonly config: TaskloomConfig;
  /** Absolute; the folder that paths in it start from. */
  readonly folder: string;
  /** Absolute. */
  readonly tsconfig: string;
}

const NAMES = ['taskloom.config.ts', 'taskloom.config.mts', 'taskloom.config.mjs', 'taskloom.config.js'];

/**
 * The path of the configuration: what was asked for, else the first that lies in `directory`; `null` for none.
 *
 * @throws CliError `CONFIG_NOT_FOUND`
 */
export function findConfig(directory: string, asked: string | undefined): string | null {
  if (asked === undefined) return NAMES.map((name) => join(directory, name)).find((path) => existsSync(path)) ?? null;
  const path = resolve(directory, asked);
  if (existsSync(path)) return path;
  throw new CliError('CONFIG_NOT_FOUND', `There is no ${path}.`, 'Pass the path of a taskloom.config.ts with --config.');
}

/** @throws CliError `CONFIG_FAILED`, `CONFIG_INVALID` */
export async function loadConfig(path: string | null, directory: string): Promise<LoadedConfig> {
  const folder = path === null ? directory : dirname(path);
  const config = path === null ? {} : await importConfig(path);
  const project = config.project ?? DEFAULT_OPTIONS.project;
  return { config, folder, tsconfig: isAbsolute(project) ? project : join(folder, project) };
}

async function importConfig(path: string): Promise<TaskloomConfig> {
  // Loaded only where there is a configuration to load: an unchanged run does without.
  const { createJiti } = await import('jiti');
  const { configProblems } = await import('./config-problems.js');
  const jiti = createJiti(import.meta.url, { fsCache: false, moduleCache: false });
  const config: unknown = await jiti.import(path, { default: true }).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError(
      'CONFIG_FAILED',
      `${path} cannot be loaded: ${reason}`,
      'Correct the file; it must load by itself, without the application.',
    );
  });
  const problems = configProblems(config);
  if (problems.length > 0) throw new CliError('CONFIG_INVALID', `${path}: ${problems.join(' ')}`, 'Correct the file.');
  return config as TaskloomConfig;
}
