import { Command, CommanderError } from 'commander';
import { readFileSync } from 'node:fs';

import { addDocs } from './commands/docs.command.js';
import { addDoctor } from './commands/doctor.command.js';
import { addGenerate } from './commands/generate.command.js';
import { addInit } from './commands/init.command.js';
import { addJob } from './commands/job.command.js';
import { addList } from './commands/list.command.js';
import { addNew } from './commands/new.command.js';
import { CliError } from './terminal/cli-error.js';
import { describeFailure } from './terminal/describe-failure.js';
import { failureAsJson } from './terminal/failure-as-json.js';
import type { ExitCode, Terminal } from './terminal/terminal.js';

/** Adds a command to the program. What its action comes to is the exit code. */
export type AddCommand = (program: Command, terminal: Terminal, end: (code: ExitCode) => void) => void;

const COMMANDS: readonly AddCommand[] = [addGenerate, addDocs, addList, addInit, addNew, addDoctor, addJob];

/** Runs the command line `args` (without node and script). Never throws. */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = 0;
  const program = new Command('taskloom')
    .description('Durable, hierarchical work for NestJS applications.')
    .version(ownVersion(), '-v, --version')
    .option('--stack', 'show where an error came from')
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .showHelpAfterError('(--help says what there is)');
  for (const add of COMMANDS)
    add(program, terminal, (ended) => {
      code = ended;
    });
  for (const command of everyCommand(program)) command.option('--stack', 'show where an error came from');
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    terminal.err(isForPrograms(args) ? `${failureAsJson(error)}\n` : describeFailure(error, args.includes('--stack'), terminal));
    return error instanceof CliError ? error.exitCode : 1;
  }
}

function ownVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}

/** What jobs come to is read by programs where it is JSON; so is what went wrong with them. */
function isForPrograms(args: readonly string[]): boolean {
  return args.find((argument) => !argument.startsWith('-')) === 'job' && args.includes('--json');
}

/** All commands below the program, however deep. */
function everyCommand({ commands }: Command): Command[] {
  return commands.flatMap((command) => [command, ...everyCommand(command)]);
}
