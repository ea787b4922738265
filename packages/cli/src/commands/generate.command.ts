import { diagnostic, formatDiagnostics, GeneratorError, sortDiagnostics, type RunReport } from '@taskloom/codegen/run';

import type { AddCommand } from '../cli.js';
import { runForProject } from '../generate/run-for-project.js';
import { describeReport, errorsAsJson, reportAsJson, staleFiles } from '../generate/describe-report.js';
import { CliError } from '../terminal/cli-error.js';
import { describeFailure } from '../terminal/describe-failure.js';
import type { ExitCode, Terminal } from '../terminal/terminal.js';
import { addGeneratorArguments, spelledOut, type GeneratorArguments } from './generator-arguments.js';

interface GenerateArguments extends GeneratorArguments {
  readonly check?: boolean;
  readonly watch?: boolean;
  readonly json?: boolean;
  readonly filter?: string;
  readonly force?: boolean;
}

export const addGenerate: AddCommand = (program, terminal, end) => {
  addGeneratorArguments(program.command('generate'))
    .description('Reads the agents and workflows of a project and writes what follows from them.')
    .option('--check', 'write nothing; end with 1 and list what is not what the sources say')
    .option('-w, --watch', 'go on, and generate again after every change')
    .option('--json', 'print the result as one line of JSON')
    .option('--filter <pattern>', 'only generated files whose path matches; * stands for anything')
    .option('--force', 'do the whole work even where nothing has changed since the last run')
    .action(async (given: GenerateArguments) => {
      if (given.watch && given.check)
        throw new CliError('ARGUMENTS_CONFLICT', '--watch and --check do not go together.', 'Leave one of them out.', 2);
      end(given.watch ? await watch(given, terminal) : await once(given, terminal));
    });
};

async function once(given: GenerateArguments, terminal: Terminal): Promise<ExitCode> {
  const startedAtMs = terminal.nowMs();
  try {
    const report = await runForProject(given, terminal);
    return show(report, given, terminal, terminal.nowMs() - startedAtMs);
  } catch (error) {
    if (!given.json || !(error instanceof GeneratorError)) throw error;
    terminal.out(`${JSON.stringify(errorsAsJson(error.diagnostics))}\n`);
    return 1;
  }
}

function show(report: RunReport, given: GenerateArguments, terminal: Terminal, tookMs: number): ExitCode {
  const format = { from: terminal.directory, pretty: terminal.pretty };
  const isStale = given.check === true && staleFiles(report, terminal.directory).length > 0;
  if (given.json) terminal.out(`${JSON.stringify(reportAsJson(report, isStale))}\n`);
  else if (report.warnings.length > 0) terminal.err(formatDiagnostics(sortDiagnostics(report.warnings), format));
  if (isStale) {
    const files = staleFiles(report, terminal.directory);
    const message = `${files.length === 1 ? '1 generated file is' : `${files.length} generated files are`} not what the sources say.${files.map((file) => `\n  ${file}`).join('')}`;
    const remedy = `Run \`npx taskloom generate${spelledOut(given)}\` and commit what it writes.`;
    if (!given.json) terminal.err(formatDiagnostics([diagnostic('CODEGEN_STALE', message, { remedy })], format));
    return 1;
  }
  if (!given.json) terminal.out(`${describeReport(report, terminal.directory)} in ${(tookMs / 1_000).toFixed(1)} s\n`);
  return 0;
}

/** Errors do not end it: the next change may mend them. */
async function watch(given: GenerateArguments, terminal: Terminal): Promise<ExitCode> {
  const { watchProject } = await import('../generate/watch-project.js');
  await watchProject(given, terminal, {
    done: (report, tookMs) => void show(report, given, terminal, tookMs),
    failed: (error) => {
      if (given.json && error instanceof GeneratorError) terminal.out(`${JSON.stringify(errorsAsJson(error.diagnostics))}\n`);
      else terminal.err(describeFailure(error, false, terminal));
    },
    waiting: () => {
      if (!given.json) terminal.out('Waiting for changes; Ctrl-C ends it.\n');
    },
  });
  return 0;
}
