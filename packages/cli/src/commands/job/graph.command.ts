import type { GraphFormat } from '@taskloom/client';
import { InvalidArgumentError } from 'commander';

import type { AddCommand } from '../../cli.js';
import { addConnectionArguments, type ConnectionArguments } from '../../jobs/connection-arguments.js';
import { CliError } from '../../terminal/cli-error.js';
import { visibleText } from '../../terminal/visible-text.js';
import { wholeNumber } from '../../terminal/whole-number.js';

interface GraphArguments extends ConnectionArguments {
  readonly format: GraphFormat;
  readonly detailed?: boolean;
  readonly task?: string;
  readonly depth?: number;
}

const FORMATS: readonly GraphFormat[] = ['MERMAID', 'DOT', 'JSON'];

export const addJobGraph: AddCommand = (jobs, terminal, end) => {
  const command = jobs
    .command('graph')
    .argument('<job>', 'its id')
    .description("Prints a job's graph, for drawing.")
    .option('-f, --format <format>', 'mermaid, dot or json', format, 'MERMAID')
    .option('--json', 'the same as --format json')
    .option('--detailed', 'also agents, descriptions, attempts, previews of inputs and outputs, times and a legend')
    .option('--task <task>', 'only what is near to this task: its key or id')
    .option('--depth <steps>', 'with --task: how many steps away from it (default: 1)', wholeNumber)
    .addHelpText(
      'after',
      `
Examples:
  taskloom job graph 01a1fd45-f7d5-7d49-8eb9-d2ac85137102 --format dot | dot -Tsvg > job.svg
  taskloom job graph 01a1fd45-f7d5-7d49-8eb9-d2ac85137102 --detailed > job.mmd`,
    )
    .action(async (id: string, given: GraphArguments) => {
      if (given.depth !== undefined && given.task === undefined)
        throw new CliError(
          'ARGUMENTS_CONFLICT',
          '--depth says how far from a task.',
          'Name the task with --task, or leave --depth out.',
          2,
        );
      const { withClient } = await import('../../jobs/connection.js');
      const { taskIdOf } = await import('../../jobs/task-id-of.js');
      end(
        await withClient(given, terminal, async (client) => {
          const taskId = given.task === undefined ? undefined : await taskIdOf(client, id, given.task);
          const text = await client.jobGraph(id, {
            format: given.json ? 'JSON' : given.format,
            detail: given.detailed ? 'DETAILED' : 'SIMPLE',
            taskId,
            depth: given.depth,
          });
          terminal.out(`${visibleText(text).trimEnd()}\n`);
          return 0;
        }),
      );
    });
  addConnectionArguments(command);
};

function format(text: string): GraphFormat {
  const found = FORMATS.find((one) => one === text.toUpperCase());
  if (found === undefined) throw new InvalidArgumentError(`There are ${FORMATS.map((one) => one.toLowerCase()).join(', ')}.`);
  return found;
}
