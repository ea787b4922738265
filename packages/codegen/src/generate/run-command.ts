import { diagnostic, sortDiagnostics, type Diagnostic } from '../diagnostics/diagnostic.js';
import { formatDiagnostics, shortPath } from '../diagnostics/format-diagnostics.js';
import { isSame, type OutputDifference } from '../output/compare-files.js';
import { generatorBuild } from '../output/generator-build.js';
import { currentRecord, keepRecord, type RunIdentity } from '../output/run-record.js';
import type { CliStreams, ExitCode } from './cli-streams.js';
import { completeOptions, DEFAULT_OPTIONS } from './options.js';

/** What was said on the command line. */
export interface CommandOptions {
  readonly project: string;
  readonly out: string;
  readonly check?: boolean;
  readonly force?: boolean;
  readonly evaluationTimeout: number;
}

/** What a run came to, in numbers. */
interface Summary {
  readonly agents: number;
  readonly workflows: number;
  readonly files: number;
  readonly difference: OutputDifference;
}

const NO_DIFFERENCE: OutputDifference = { missing: [], changed: [], orphaned: [] };

/** Generates or checks, and says what came of it. Where nothing has changed since the last run, the compiler is not loaded. */
export async function runCommand(options: CommandOptions, streams: CliStreams): Promise<ExitCode> {
  const startedAtMs = streams.nowMs();
  const given = { project: options.project, outDir: options.out, evaluationTimeoutMs: options.evaluationTimeout };
  const { tsconfigPath, outDir } = completeOptions(given);
  const identity: RunIdentity = { generator: generatorBuild(), tsconfigPath, outDir };
  const record = options.force ? null : currentRecord(identity);
  const summary = record ? { ...record, files: Object.keys(record.outputs).length, difference: NO_DIFFERENCE } : await work();
  const stale = options.check ? staleness(summary.difference, outDir, options, streams.from) : null;
  if (stale) {
    streams.err(formatDiagnostics([stale], streams));
    return 1;
  }
  streams.out(`${describe(summary, outDir, streams.from)} in ${((streams.nowMs() - startedAtMs) / 1_000).toFixed(1)} s\n`);
  return 0;

  async function work(): Promise<Summary> {
    const { check, generate } = await import('./generate.js');
    const result = await (options.check ? check(given) : generate(given));
    if (result.warnings.length > 0) streams.err(formatDiagnostics(sortDiagnostics(result.warnings), streams));
    const counts = { agents: result.catalog.agents.length, workflows: result.catalog.workflows.length };
    // After a check the folder may be stale still; the record would not match it and only cost the next run a look.
    if (!options.check || isSame(result.difference)) keepRecord(identity, result.inputs, result.files, counts, startedAtMs);
    return { ...counts, files: result.files.length, difference: result.difference };
  }
}

function staleness(
  { missing, changed, orphaned }: OutputDifference,
  outDir: string,
  options: CommandOptions,
  from: string,
): Diagnostic | null {
  const list = (what: string, paths: readonly string[]): string[] =>
    paths.map((path) => `\n  ${what}  ${shortPath(`${outDir}/${path}`, from)}`);
  const lines = [...list('missing ', missing), ...list('changed ', changed), ...list('orphaned', orphaned)];
  if (lines.length === 0) return null;
  return diagnostic(
    'CODEGEN_STALE',
    `${count(lines.length, 'generated file')} ${lines.length === 1 ? 'is' : 'are'} not what the sources say.${lines.join('')}`,
    {
      remedy: `Run \`${commandLine(options)}\` and commit what it writes.`,
    },
  );
}

/** The command that repairs what `--check` found. */
function commandLine(options: CommandOptions): string {
  const project = options.project === DEFAULT_OPTIONS.project ? '' : ` --project ${quoted(options.project)}`;
  const out = options.out === DEFAULT_OPTIONS.outDir ? '' : ` --out ${quoted(options.out)}`;
  return `npx taskloom-codegen${project}${out}`;
}

function quoted(argument: string): string {
  return /^[\w./@-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}

function describe({ agents, workflows, files, difference }: Summary, outDir: string, from: string): string {
  const written = difference.missing.length + difference.changed.length;
  const removed = difference.orphaned.length > 0 ? `, ${count(difference.orphaned.length, 'file')} removed` : '';
  const did = written === 0 && removed === '' ? `${count(files, 'file')} up to date` : `${count(written, 'file')} written${removed}`;
  return `${count(agents, 'agent')} and ${count(workflows, 'workflow')}: ${did} in ${shortPath(outDir, from)}`;
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}
