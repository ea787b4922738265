import type { JobFilter, JobOrder, JobState, JobStatus, TaskloomClient } from '@taskloom/client';
import { coloursFor, oneLine } from '@taskloom/terminal';
import { InvalidArgumentError } from 'commander';

import type { AddCommand } from '../../cli.js';
import { addConnectionArguments, type ConnectionArguments } from '../../jobs/connection-arguments.js';
import { progressText, statusText, timeText } from '../../jobs/job-lines.js';
import { table } from '../../terminal/table.js';
import type { Terminal } from '../../terminal/terminal.js';
import { toJson } from '../../terminal/to-json.js';

interface ListArguments extends ConnectionArguments {
  readonly status?: readonly JobStatus[];
  readonly workflow?: string;
  readonly name?: string;
  readonly open?: boolean;
  readonly order?: JobOrder;
  readonly limit: number;
  readonly after?: string;
}

interface Listed {
  readonly jobs: readonly JobState[];
  readonly endCursor: string | null;
  readonly hasNextPage: boolean;
}

const STATUSES: readonly JobStatus[] = ['AWAITING_CONFIRMATION', 'RUNNING', 'PAUSED', 'COMPLETED', 'FAILED', 'CANCELLED'];
const ORDERS: readonly JobOrder[] = ['NEWEST', 'OLDEST', 'PRIORITY', 'DEADLINE', 'FINISHED'];
/** The largest page of the API. */
const PAGE = 100;
/** More than anybody reads. */
const MOST_JOBS = 999_999;

export const addJobList: AddCommand = (jobs, terminal, end) => {
  const command = jobs
    .command('list')
    .description('Lists jobs, newest first where no other order is asked for.')
    .option('--status <status>', `only these: ${STATUSES.join(', ')}; several with commas`, statuses)
    .option('--workflow <name>', 'only jobs of this workflow')
    .option('--name <name>', 'only jobs of this name')
    .option('--open', 'only jobs that have not ended')
    .option('--order <order>', `one of ${ORDERS.join(', ')}`, orderOf)
    .option('--limit <number>', 'at most so many', amount, 20)
    .option('--after <cursor>', 'go on where a list ended: `endCursor` of --json')
    .option('--json', 'print { jobs, endCursor, hasNextPage }')
    .addHelpText(
      'after',
      `
Examples:
  taskloom job list --status FAILED --workflow nightly-report
  taskloom job list --open --order PRIORITY
  taskloom job list --json | jq -r '.jobs[].id'`,
    )
    .action(async (given: ListArguments) => {
      const { withClient } = await import('../../jobs/connection.js');
      end(
        await withClient(given, terminal, async (client) => {
          const listed = await read(client, given);
          terminal.out(given.json ? `${toJson(listed)}\n` : describe(listed, given, terminal));
          return 0;
        }),
      );
    });
  addConnectionArguments(command);
};

async function read(client: TaskloomClient, { limit, after, status, workflow, name, open, order }: ListArguments): Promise<Listed> {
  const filter: JobFilter = { status, workflow, name, open };
  const jobs: JobState[] = [];
  let page = await client.jobs({ filter, order, first: Math.min(limit, PAGE), after });
  jobs.push(...page.items);
  while (page.hasNextPage && jobs.length < limit) {
    page = await client.jobs({ filter, order, first: Math.min(limit - jobs.length, PAGE), after: page.endCursor });
    jobs.push(...page.items);
  }
  return { jobs, endCursor: page.endCursor, hasNextPage: page.hasNextPage };
}

function describe({ jobs, hasNextPage }: Listed, { limit }: ListArguments, { stdout, env, nowMs }: Terminal): string {
  if (jobs.length === 0) return 'No jobs.\n';
  const colours = coloursFor(stdout, env);
  const rows = jobs.map((job) => [job.id, statusText(job.status, colours), oneLine(job.name), progressText(job), timeText(job, nowMs())]);
  return `${table(rows)}${hasNextPage ? `There are more; --limit ${Math.min(limit * 5, MOST_JOBS)} shows more of them.\n` : ''}`;
}

function statuses(text: string): JobStatus[] {
  const asked = text
    .toUpperCase()
    .split(',')
    .map((one) => one.trim());
  const unknown = asked.find((one) => !(STATUSES as readonly string[]).includes(one));
  if (unknown !== undefined)
    throw new InvalidArgumentError(`There is no status ${JSON.stringify(unknown)}; there are ${STATUSES.join(', ')}.`);
  return asked as JobStatus[];
}

function orderOf(text: string): JobOrder {
  const asked = ORDERS.find((one) => one === text.toUpperCase());
  if (asked === undefined) throw new InvalidArgumentError(`There is no order ${JSON.stringify(text)}; there are ${ORDERS.join(', ')}.`);
  return asked;
}

function amount(text: string): number {
  const found = Number(text);
  if (!/^\d+$/.test(text) || found < 1 || found > MOST_JOBS) throw new InvalidArgumentError(`Write a whole number from 1 to ${MOST_JOBS}.`);
  return found;
}
