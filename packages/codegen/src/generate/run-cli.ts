import { Command, CommanderError, InvalidArgumentError } from 'commander';

import { diagnostic, GeneratorError, sortDiagnostics } from '../diagnostics/diagnostic.js';
import { formatDiagnostics } from '../diagnostics/format-diagnostics.js';
import type { CliStreams, ExitCode } from './cli-streams.js';
import { DEFAULT_OPTIONS } from './options.js';
import { runCommand, type CommandOptions } from './run-command.js';

/** The command `taskloom-codegen`. Gives its exit code; writes nothing but through `streams`. */
export async function runCli(args: readonly string[], streams: CliStreams): Promise<ExitCode> {
  const command = buildCommand(streams);
  try {
    command.parse(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  const options = command.opts<CommandOptions & { readonly stack?: boolean }>();
  try {
    return await runCommand(options, streams);
  } catch (error) {
    streams.err(describeFailure(error, options.stack ?? false, streams));
    return 1;
  }
}

function buildCommand(streams: CliStreams): Command {
  return new Command('taskloom-codegen')
    .description('Reads the agents and workflows of a project and writes their JSON Schemas, types and builders.')
    .option('-p, --project <tsconfig>', 'the project to read', DEFAULT_OPTIONS.project)
    .option('-o, --out <folder>', "where to write, relative to the tsconfig's folder", DEFAULT_OPTIONS.outDir)
    .option('--check', 'write nothing; exit with 1 when generated files are not what the sources say')
    .option('--force', 'do the whole work even where nothing seems to have changed since the last run')
    .option(
      '--evaluation-timeout <ms>',
      'longest time a module may take to load when its schemas are read',
      milliseconds,
      DEFAULT_OPTIONS.evaluationTimeoutMs,
    )
    .option('--stack', 'show where in the generator an unexpected error came from')
    .exitOverride()
    .configureOutput({ writeOut: streams.out, writeErr: streams.err });
}

function milliseconds(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Write a whole number of milliseconds.');
  return value;
}

function describeFailure(error: unknown, withStack: boolean, streams: CliStreams): string {
  if (error instanceof GeneratorError) return formatDiagnostics(sortDiagnostics(error.diagnostics), streams);
  const message = error instanceof Error ? error.message : String(error);
  const stack = withStack && error instanceof Error ? `\n${error.stack ?? ''}` : '';
  return formatDiagnostics(
    [diagnostic('INTERNAL', message + stack, { remedy: 'Please report it; run again with --stack to see where it came from.' })],
    streams,
  );
}
