import { Command, CommanderError, InvalidArgumentError } from 'commander';

import { diagnostic, GeneratorError, sortDiagnostics, type Diagnostic } from '../diagnostics/diagnostic.js';
import { formatDiagnostics, shortPath } from '../diagnostics/format-diagnostics.js';
import { isSame } from '../output/compare-files.js';
import { check, generate, type GenerateResult } from './generate.js';
import { DEFAULT_OPTIONS, type GenerateOptions } from './options.js';

/** Where a command writes, and whether a person reads it there. */
export interface CliStreams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly pretty: boolean;
  /** Paths are shown relative to this directory. */
  readonly from: string;
  readonly nowMs: () => number;
}

/** 0 done or fresh; 1 the sources have errors, or generated files are stale; 2 the command was misused. */
export type ExitCode = 0 | 1 | 2;

interface CliOptions {
  readonly project: string;
  readonly out: string;
  readonly check?: boolean;
  readonly evaluationTimeout: number;
  readonly stack?: boolean;
}

/** The command `taskloom-codegen`. Gives its exit code; writes nothing but through `streams`. */
export async function runCli(args: readonly string[], streams: CliStreams): Promise<ExitCode> {
  const command = buildCommand(streams);
  try {
    command.parse(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  const options = command.opts<CliOptions>();
  try {
    return await run(options, streams);
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
    .option('--evaluation-timeout <ms>', 'longest time a module may take to load when its schemas are read', milliseconds, DEFAULT_OPTIONS.evaluationTimeoutMs)
    .option('--stack', 'show where in the generator an unexpected error came from')
    .exitOverride()
    .configureOutput({ writeOut: streams.out, writeErr: streams.err });
}

function milliseconds(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Write a whole number of milliseconds.');
  return value;
}

async function run(options: CliOptions, streams: CliStreams): Promise<ExitCode> {
  const startedAt = streams.nowMs();
  const given: GenerateOptions = { project: options.project, outDir: options.out, evaluationTimeoutMs: options.evaluationTimeout };
  const result = await (options.check ? check(given) : generate(given));
  if (result.warnings.length > 0) streams.err(formatDiagnostics(sortDiagnostics(result.warnings), streams));
  const stale = options.check ? staleness(result, options, streams.from) : null;
  if (stale) {
    streams.err(formatDiagnostics([stale], streams));
    return 1;
  }
  streams.out(`${summary(result, streams)} in ${((streams.nowMs() - startedAt) / 1_000).toFixed(1)} s\n`);
  return 0;
}

function staleness(result: GenerateResult, options: CliOptions, from: string): Diagnostic | null {
  if (isSame(result.difference)) return null;
  const { missing, changed, orphaned } = result.difference;
  const list = (what: string, paths: readonly string[]): string[] => paths.map((path) => `\n  ${what}  ${shortPath(`${result.outDir}/${path}`, from)}`);
  const lines = [...list('missing ', missing), ...list('changed ', changed), ...list('orphaned', orphaned)];
  return diagnostic('CODEGEN_STALE', `${count(lines.length, 'generated file')} ${lines.length === 1 ? 'is' : 'are'} not what the sources say.${lines.join('')}`, {
    remedy: `Run \`${commandLine(options)}\` and commit what it writes.`,
  });
}

/** The command that repairs what `--check` found. */
function commandLine(options: CliOptions): string {
  const project = options.project === DEFAULT_OPTIONS.project ? '' : ` --project ${quoted(options.project)}`;
  const out = options.out === DEFAULT_OPTIONS.outDir ? '' : ` --out ${quoted(options.out)}`;
  return `npx taskloom-codegen${project}${out}`;
}

function quoted(argument: string): string {
  return /^[\w./@-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}

function summary({ catalog, files, difference, outDir }: GenerateResult, streams: CliStreams): string {
  const written = difference.missing.length + difference.changed.length;
  const removed = difference.orphaned.length > 0 ? `, ${count(difference.orphaned.length, 'file')} removed` : '';
  const found = `${count(catalog.agents.length, 'agent')} and ${count(catalog.workflows.length, 'workflow')}`;
  const did = written === 0 && removed === '' ? `${count(files.length, 'file')} up to date` : `${count(written, 'file')} written${removed}`;
  return `${found}: ${did} in ${shortPath(outDir, streams.from)}`;
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}

function describeFailure(error: unknown, withStack: boolean, streams: CliStreams): string {
  if (error instanceof GeneratorError) return formatDiagnostics(sortDiagnostics(error.diagnostics), streams);
  const message = error instanceof Error ? error.message : String(error);
  const stack = withStack && error instanceof Error ? `\n${error.stack ?? ''}` : '';
  return formatDiagnostics([diagnostic('INTERNAL', message + stack, { remedy: 'Please report it; run again with --stack to see where it came from.' })], streams);
}
