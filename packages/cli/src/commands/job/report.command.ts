import type { JobReportState } from '@taskloom/client';
import { InvalidArgumentError } from 'commander';

import type { AddCommand } from '../../cli.js';
import { addConnectionArguments, type ConnectionArguments } from '../../jobs/connection-arguments.js';
import { reportLines } from '../../jobs/report-lines.js';
import { toJson } from '../../terminal/to-json.js';

interface ReportArguments extends ConnectionArguments {
  readonly limit: number;
}

/** The most that the API tells at once. */
const MOST_TASKS = 1_000;

export const addJobReport: AddCommand = (jobs, terminal, end) => {
  const command = jobs
    .command('report')
    .argument('<job>', 'its id')
    .description('Tells what became of a job, task by task: attempts, errors, summaries, times.')
    .option('--limit <number>', 'at most so many tasks, 1 to 1000, the first that came into the job', limitOf, MOST_TASKS)
    .option('--json', 'print { job, tookMs, ranMs, tasks, tasksLeftOut } as one document')
    .addHelpText(
      'after',
      `
Examples:
  taskloom job report 01a1fd45-f7d5-7d49-8eb9-d2ac85137102
  taskloom job report 01a1fd45-f7d5-7d49-8eb9-d2ac85137102 --json | jq '.tasks[] | select(.attempt > 1) | .key'`,
    )
    .action(async (id: string, given: ReportArguments) => {
      const { withClient } = await import('../../jobs/connection.js');
      const { missingJob } = await import('../../jobs/find-job.js');
      end(
        await withClient(given, terminal, async (client) => {
          const report: JobReportState | null = await client.jobReport(id, { first: given.limit });
          if (!report) throw missingJob(id);
          terminal.out(given.json ? `${toJson(report)}\n` : reportLines(report, terminal));
          return 0;
        }),
      );
    });
  addConnectionArguments(command);
};

function limitOf(text: string): number {
  const limit = Number(text);
  if (!/^\d{1,4}$/.test(text) || limit < 1 || limit > MOST_TASKS)
    throw new InvalidArgumentError(`Write a whole number from 1 to ${MOST_TASKS}.`);
  return limit;
}
