import { diagnostic, GeneratorError, type Diagnostic } from '../diagnostics/diagnostic.js';
import { isSame, type OutputDifference } from '../output/compare-files.js';
import { generatorBuild } from '../output/generator-build.js';
import { pathMatcher } from '../output/path-matcher.js';
import { currentRecord, keepRecord, type RunIdentity } from '../output/run-record.js';
import type { GenerateResult } from './generator-session.js';
import type { GenerateOptions } from './options.js';

/** How a tool runs the generator. */
export interface RunOptions extends GenerateOptions {
  /** Write nothing; the report says what differs. Default false. */
  readonly check?: boolean;
  /** Only generated files whose path matches, `*` standing for anything. Default all. */
  readonly filter?: string;
}

/** What a run is told apart from others by, when the next one asks whether anything has changed. */
export interface RunKey {
  /** Where the tool stands; what is remembered lies in the `node_modules` nearest to it. */
  readonly directory: string;
  /** Everything the run was asked for, as one text. */
  readonly asked: string;
}

/** What a run came to. */
export interface RunReport {
  readonly agents: number;
  readonly workflows: number;
  /** How many files there are of those that were asked for, written or not. */
  readonly files: number;
  /** Absolute, with forward slashes. */
  readonly outDir: string;
  /** How the output folder differed from what it should hold; after a check it still does. */
  readonly difference: OutputDifference;
  readonly warnings: readonly Diagnostic[];
  /** Whether nothing had to be done, since nothing has changed after the last run. */
  readonly isRemembered: boolean;
}

const NO_DIFFERENCE: OutputDifference = { missing: [], changed: [], orphaned: [] };

/** The report of the last run, where nothing that it depended on has changed since, nor what it wrote. Loads no compiler. */
export function rememberedRun(key: RunKey): RunReport | null {
  const record = currentRecord(identityOf(key));
  if (!record) return null;
  const { agents, workflows, outDir, outputs } = record;
  return { agents, workflows, files: Object.keys(outputs).length, outDir, difference: NO_DIFFERENCE, warnings: [], isRemembered: true };
}

/**
 * Runs the generator, and remembers the run where `remember` says how to tell it from others.
 *
 * @param remember also the file that the options came from, which the run depends on too
 * @param startedAtMs the time, as files are stamped with it
 * @throws GeneratorError
 */
export async function runGenerator(
  options: RunOptions,
  startedAtMs: number,
  remember: (RunKey & { readonly configPath: string | null }) | null,
): Promise<RunReport> {
  // The compiler is behind this import.
  const { check } = await import('./generate.js');
  const result = await check(options);
  const report = await finish(result, options);
  const counts = { agents: report.agents, workflows: report.workflows };
  // Where files differ still, the record would not match them and only cost the next run a look.
  const isComplete = isSame(result.difference) || (!options.check && options.filter === undefined);
  if (remember && isComplete) {
    const { withLocalImports } = await import('./local-imports.js');
    const configFiles = remember.configPath === null ? [] : withLocalImports(remember.configPath);
    const { files, folders } = result.inputs();
    const inputs = { folders, files: [...files, ...configFiles] };
    keepRecord(identityOf(remember), { outDir: result.outDir, inputs, files: result.files, ...counts }, startedAtMs);
  }
  return report;
}

/** Runs that follow one another, each of which knows what the ones before it found out. `changed` are absolute paths. */
export interface Runner {
  run(changed: readonly string[]): Promise<RunReport>;
  /** Folders of projects that the tsconfig refers to, as it says now. Absolute, with forward slashes. */
  referencedFolders(): readonly string[];
  /** Gives back what was kept for another run. A process that ends need not. */
  close(): void;
}

/** Opens a project for running the generator after every change of it. */
export async function openRunner(options: RunOptions): Promise<Runner> {
  const { GeneratorSession } = await import('./generator-session.js');
  const session = new GeneratorSession(options);
  return {
    run: async (changed) => finish(await session.checkAgain(changed), options),
    referencedFolders: () => session.referencedFolders(),
    close: () => session.close(),
  };
}

async function finish(result: GenerateResult, options: RunOptions): Promise<RunReport> {
  const { writeFiles } = await import('../output/write-files.js');
  const difference = filtered(result.difference, options.filter);
  const files = options.filter === undefined ? result.files : result.files.filter(({ path }) => pathMatcher(options.filter!)(path));
  if (options.filter !== undefined && files.length + difference.orphaned.length === 0)
    throw new GeneratorError([matchesNothing(options.filter, result)]);
  if (!options.check) writeFiles(result.outDir, result.files, difference);
  return {
    agents: result.catalog.agents.length,
    workflows: result.catalog.workflows.length,
    files: files.length,
    outDir: result.outDir,
    difference,
    warnings: result.warnings,
    isRemembered: false,
  };
}

function matchesNothing(filter: string, { files }: GenerateResult): Diagnostic {
  return diagnostic('OPTION_INVALID', `No generated file matches the filter ${JSON.stringify(filter)}.`, {
    remedy: `Paths start at the output folder and \`*\` stands for anything: ${JSON.stringify(files[0]?.path)} is one.`,
  });
}

function filtered(difference: OutputDifference, filter: string | undefined): OutputDifference {
  if (filter === undefined) return difference;
  const matches = pathMatcher(filter);
  return {
    missing: difference.missing.filter(matches),
    changed: difference.changed.filter(matches),
    orphaned: difference.orphaned.filter(matches),
  };
}

function identityOf({ directory, asked }: RunKey): RunIdentity {
  return { generator: generatorBuild(), directory, asked };
}
