import type { FailureStrategy, JobState, StartOptions, TaskloomClient } from '@taskloom/client';
import { oneLine } from '@taskloom/terminal';
import { InvalidArgumentError } from 'commander';

import type { AddCommand } from '../../cli.js';
import { addConnectionArguments } from '../../jobs/connection-arguments.js';
import { addFollowArguments, type FollowArguments } from '../../jobs/follow-arguments.js';
import { readJson } from '../../jobs/read-json.js';
import { CliError } from '../../terminal/cli-error.js';
import type { Terminal } from '../../terminal/terminal.js';
import { toJson } from '../../terminal/to-json.js';
import { wholeNumber } from '../../terminal/whole-number.js';

interface StartArguments extends FollowArguments {
  readonly input: string;
  readonly key?: string;
  readonly priority?: number;
  readonly maxParallel?: number;
  readonly failureStrategy?: FailureStrategy;
  readonly runAt?: string;
  readonly deadline?: string;
  readonly metadata?: string;
  readonly confirm?: boolean;
  readonly watch?: boolean;
}

const SHOWN_NAMES = 20;
const STRATEGIES: readonly FailureStrategy[] = ['ABORT', 'SKIP', 'CONTINUE', 'ASK'];

export const addJobStart: AddCommand = (jobs, terminal, end) => {
  const command = jobs
    .command('start')
    .argument('<workflow>', 'its name')
    .description('Starts a workflow. Ends when its job is durable, with --watch when the job has ended.')
    .option('-i, --input <json>', 'what it takes: JSON, @file, or - for standard input', '{}')
    .option('-k, --key <key>', 'idempotency key: the same key with the same input is the same job, however often it is started')
    .option('--priority <number>', '1 to 10, 10 most urgent', wholeNumber)
    .option('--max-parallel <number>', 'most tasks of it that run at the same time', wholeNumber)
    .option('--failure-strategy <name>', `what a final failure does: ${STRATEGIES.join(', ')}`, strategy)
    .option('--run-at <time>', 'nothing runs before then (ISO 8601)')
    .option('--deadline <time>', 'it fails when it has not ended by then (ISO 8601)')
    .option('--metadata <json>', 'kept with the job and shown again: JSON, @file, or -')
    .option('--confirm', 'wait for `taskloom job confirm` before anything runs')
    .option('-w, --watch', 'show it live until it ends')
    .option('--json', 'print the job as one line of JSON; with --watch its events, one a line')
    .addHelpText(
      'after',
      `
Examples:
  taskloom job start repository-report --input '{ "root": "/srv/code" }' --watch
  taskloom job start nightly --input @nightly.json --key "nightly-$(date +%F)" --priority 8
  generate-input | taskloom job start import --input - --json`,
    )
    .action(async (workflow: string, given: StartArguments) => {
      const begin = await prepare(workflow, given, terminal);
      if (given.watch) {
        const { followJob } = await import('../../jobs/follow-job.js');
        end(await followJob(begin, given, terminal));
        return;
      }
      const { withClient } = await import('../../jobs/connection.js');
      end(
        await withClient(given, terminal, async (client) => {
          const job = await begin(client);
          terminal.out(given.json ? `${toJson(job)}\n` : `${describe(job)}\n`);
          return 0;
        }),
      );
    });
  addFollowArguments(addConnectionArguments(command));
};

/** What is wrong with the arguments is told before anything is asked. */
async function prepare(
  workflow: string,
  given: StartArguments,
  terminal: Terminal,
): Promise<(client: TaskloomClient) => Promise<JobState>> {
  const { key, priority, maxParallel, failureStrategy, runAt, deadline, confirm } = given;
  if (given.input === '-' && given.metadata === '-')
    throw new CliError(
      'ARGUMENTS_CONFLICT',
      '--input and --metadata cannot both come by standard input.',
      'Read one of them from a @file.',
      2,
    );
  const input = await readJson(given.input, '--input', terminal);
  const metadata = given.metadata === undefined ? undefined : await readJson(given.metadata, '--metadata', terminal);
  if (metadata !== undefined && (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)))
    throw new CliError('INPUT_NOT_JSON', '--metadata is no JSON object.', 'Write { … }.', 2);
  const options: StartOptions = {
    idempotencyKey: key,
    priority,
    maxParallel,
    failureStrategy,
    runAt,
    deadline,
    confirm,
    metadata,
  };
  return async (client) => {
    try {
      return await client.startWorkflow(workflow, input, options);
    } catch (error) {
      throw (await isUnknown(error)) ? await unknownWorkflow(client, workflow) : error;
    }
  };
}

async function isUnknown(error: unknown): Promise<boolean> {
  const { ApiResponseError } = await import('@taskloom/client');
  return error instanceof ApiResponseError && error.code === 'UNKNOWN_WORKFLOW';
}

async function unknownWorkflow(client: TaskloomClient, asked: string): Promise<CliError> {
  const names = (await client.workflows()).map(({ name }) => oneLine(name)).sort();
  return new CliError(
    'UNKNOWN_WORKFLOW',
    `There is no workflow ${JSON.stringify(oneLine(asked))}.`,
    names.length === 0
      ? 'The application has none.'
      : `There are: ${names.slice(0, SHOWN_NAMES).join(', ')}${names.length > SHOWN_NAMES ? ' …' : ''}`,
    4,
  );
}

function describe({ id, name, status }: JobState): string {
  const next = status === 'AWAITING_CONFIRMATION' ? `It waits: taskloom job confirm ${id}` : `See it live: taskloom job watch ${id}`;
  return `Job ${id} (${oneLine(name)}) is ${status}.\n${next}`;
}

function strategy(text: string): FailureStrategy {
  const found = STRATEGIES.find((one) => one === text.toUpperCase());
  if (found === undefined) throw new InvalidArgumentError(`There are ${STRATEGIES.join(', ')}.`);
  return found;
}
