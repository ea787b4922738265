import type { Command } from 'commander';

import type { AddCommand } from '../cli.js';
import type { ExitCode, Terminal } from '../terminal/terminal.js';

export interface NewArguments {
  readonly path?: string;
  readonly description?: string;
  /** A file, or `false` for none. */
  readonly module?: string | false;
  readonly test: boolean;
  readonly dryRun?: boolean;
  readonly zod?: boolean;
}

export const addNew: AddCommand = (program, terminal, end) => {
  const made = program
    .command('new')
    .description('Adds an agent or a workflow to a NestJS application, with a test, and registers it in a module.')
    .addHelpText(
      'after',
      `
Examples:
  taskloom new agent count-words
  taskloom new workflow nightly-report --path src/reports --dry-run`,
    );
  const agent = made.command('agent').description('Adds an agent: a class with @TaskAgent, and its test.');
  addArguments(agent, 'count-words').option('--zod', 'give zod schemas instead of plain types');
  const workflow = made.command('workflow').description('Adds a workflow: a class with @Workflow, and its test.');
  addArguments(workflow, 'nightly-report');
  for (const [kind, command] of [
    ['agent', agent],
    ['workflow', workflow],
  ] as const)
    command.action(async (name: string, given: NewArguments) => end(await make(kind, name, given, terminal)));
};

function addArguments(command: Command, example: string): Command {
  return command
    .argument('<name>', `its name, for example ${example}`)
    .option('--path <folder>', 'where it goes (default: src/taskloom if there is one, else src)')
    .option('--description <text>', 'what it does (default: its name as words)')
    .option('--module <file>', 'the module that provides it (default: the nearest one)')
    .option('--no-module', 'register it nowhere')
    .option('--no-test', 'write no test')
    .option('--dry-run', 'change nothing, and say what would be done')
    .addHelpText('after', `\nExample:\n  taskloom new ${command.name()} ${example} --path src/reports`);
}

async function make(kind: 'agent' | 'workflow', name: string, given: NewArguments, terminal: Terminal): Promise<ExitCode> {
  const { planNew } = await import('../new/plan-new.js');
  const { carryOut } = await import('../new/carry-out.js');
  const plan = await planNew(kind, name, given, terminal);
  return carryOut(kind === 'agent' ? { ...plan, agentNames: [] } : plan, given.dryRun ?? false, terminal);
}
