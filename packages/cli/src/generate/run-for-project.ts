import { rememberedRun, runGenerator, type RunReport } from '@taskloom/codegen/run';

import { generatorOptions, type GeneratorArguments } from '../commands/generator-arguments.js';
import { findConfig, loadConfig } from '../config/load-config.js';
import type { Terminal } from '../terminal/terminal.js';

export interface ProjectRun extends GeneratorArguments {
  readonly check?: boolean;
  readonly filter?: string;
  /** Do the whole work whatever is remembered. */
  readonly force?: boolean;
}

/** Runs the generator as arguments and configuration say. Where nothing has changed, neither compiler nor configuration is loaded. */
export async function runForProject(given: ProjectRun, terminal: Terminal): Promise<RunReport> {
  const { directory } = terminal;
  const startedAtMs = terminal.nowMs();
  const configPath = findConfig(directory, given.config);
  const { project, out, evaluationTimeout } = given;
  const key = { directory, asked: JSON.stringify([configPath, project, out, evaluationTimeout]) };
  const mayRemember = !given.force && given.filter === undefined;
  const remembered = mayRemember ? rememberedRun(key) : null;
  if (remembered) return remembered;
  const loaded = await loadConfig(configPath, directory);
  const options = {
    ...generatorOptions(given, loaded, directory),
    ...(given.check && { check: true }),
    ...(given.filter !== undefined && { filter: given.filter }),
  };
  // What a plugin depends on is its own affair.
  const remember = (loaded.config.plugins ?? []).length === 0 ? { ...key, configPath } : null;
  return runGenerator(options, startedAtMs, remember);
}
