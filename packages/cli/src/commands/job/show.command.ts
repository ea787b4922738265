import type { JobDetails, TaskloomClient, TaskState } from '@taskloom/client';
import { coloursFor, drawTree, oneLine, sizeOf, treeLines, type Colours } from '@taskloom/terminal';

import type { AddCommand } from '../../cli.js';
import { addConnectionArguments, type ConnectionArguments } from '../../jobs/connection-arguments.js';
import { clockText, errorText, JOB_ENDED, outcomeText, progressText, timeText } from '../../jobs/job-lines.js';
import { questionLines } from '../../jobs/question-lines.js';
import { count } from '../../terminal/count.js';
import { table } from '../../terminal/table.js';
import type { Terminal } from '../../terminal/terminal.js';
import { toJson } from '../../terminal/to-json.js';

/** More tasks than anybody reads; a tree of all of them would be many requests. */
const MOST_TASKS = 500;
/** A pipe has no edge. */
const UNLIMITED_COLUMNS = 10_000;
const FIRST_GENERATION = 1;
const DEFAULT_PRIORITY = 5;

export const addJobShow: AddCommand = (jobs, terminal, end) => {
  const command = jobs
    .command('show')
    .argument('<job>', 'its id')
    .description('Shows a job: where it stands, what it took and gave, its tasks.')
    .option('--json', 'print all that the API tells of it, with its input and output, as one document')
    .addHelpText(
      'after',
      `
Examples:
  taskloom job show 01a1fd45-f7d5-7d49-8eb9-d2ac85137102
  taskloom job show 01a1fd45-f7d5-7d49-8eb9-d2ac85137102 --json | jq .output`,
    )
    .action(async (id: string, given: ConnectionArguments) => {
      const { withClient } = await import('../../jobs/connection.js');
      const { findJob } = await import('../../jobs/find-job.js');
      end(
        await withClient(given, terminal, async (client) => {
          const job = await findJob(client, id);
          if (given.json) terminal.out(`${toJson(job)}\n`);
          else terminal.out(await describe(client, job, terminal));
          return 0;
        }),
      );
    });
  addConnectionArguments(command);
};

async function describe(client: TaskloomClient, job: JobDetails, { stdout, env, nowMs }: Terminal): Promise<string> {
  const colours = coloursFor(stdout, env);
  const columns = stdout.isTTY ? sizeOf(stdout).columns : UNLIMITED_COLUMNS;
  const tasks = await firstTasks(client, job.id);
  const lines = treeLines(await treeTasksOf(tasks), nowMs());
  const questions = JOB_ENDED.has(job.status) ? [] : await client.humanRequests({ jobId: job.id });
  const left = job.counts.total - tasks.length;
  return [
    table(factsOf(job, nowMs(), colours).map(([name, value]) => [colours.dim(name), value])),
    ...drawTree(lines, { columns, colours, turn: null, showAgents: true }).map((line) => `${line}\n`),
    ...questions.flatMap((question) => questionLines(question, colours)).map((line) => `${line}\n`),
    left > 0 ? `and ${count(left, 'task')} more\n` : '',
  ].join('');
}

/** Names and values, each on a line; what there is nothing to say about is left out. */
function factsOf(job: JobDetails, nowMs: number, colours: Colours): [string, string][] {
  const { id, name, workflow, priority, generation, error, input, output, metadata, deadline, runAt } = job;
  const facts: [string, string | null][] = [
    ['Job', id],
    ['Name', workflow === name ? null : oneLine(name)],
    ['Workflow', workflow === null ? null : oneLine(workflow)],
    ['Status', outcomeText(job, colours)],
    ['Progress', progressText(job)],
    ['Created', `${clockText(job.createdAt)}, ${timeText(job, nowMs)}`],
    ['Runs at', runAt === null ? null : clockText(runAt)],
    ['Deadline', deadline === null ? null : clockText(deadline)],
    ['Priority', priority === DEFAULT_PRIORITY ? null : String(priority)],
    ['Reopened', generation === FIRST_GENERATION ? null : count(generation - FIRST_GENERATION, 'time')],
    ['Metadata', metadata === null ? null : toJson(metadata)],
    ['Input', input === null ? null : toJson(input)],
    ['Output', output === null ? null : toJson(output)],
    ['Error', error === null ? null : errorText(error)],
  ];
  return facts.flatMap(([fact, value]): [string, string][] => (value === null ? [] : [[fact, value]]));
}

async function firstTasks(client: TaskloomClient, jobId: string): Promise<TaskState[]> {
  const tasks: TaskState[] = [];
  for await (const task of client.everyTask({ jobId })) {
    tasks.push(task);
    if (tasks.length === MOST_TASKS) break;
  }
  return tasks;
}

async function treeTasksOf(tasks: readonly TaskState[]) {
  const { treeTaskOf } = await import('../../jobs/tree-task-of.js');
  return tasks.map((task) => treeTaskOf(task));
}
