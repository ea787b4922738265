import { notFound } from '../errors/not-found.js';
import { TaskloomError } from '../errors/taskloom-error.js';
import { JobRuns, type TaskRun } from '../graph/job-runs.js';
import { rolledUpCosts } from '../graph/rolled-up-costs.js';
import { isName } from '../kernel/ids.js';
import { inMessage } from '../kernel/in-message.js';
import { NO_COST, type Cost } from '../model/cost.js';
import type { JobView, TaskView } from '../model/views.js';
import type { EngineReader, StoreReader } from '../ports/reader.js';
import { readJobTasks } from './read-job-tasks.js';

/** What became of one task. */
export interface TaskReport extends Pick<
  TaskView,
  'id' | 'key' | 'name' | 'type' | 'agent' | 'status' | 'statusReason' | 'statusMessage' | 'error' | 'summary'
> {
  /** Attempts started in its last generation; 0: it never ran. */
  readonly attempts: number;
  /** Every run of its agent, oldest first: an attempt that was suspended has several. */
  readonly runs: readonly TaskRun[];
  /** Milliseconds in which its agent ran, over all runs. */
  readonly ranMs: number;
  /** What it has spent itself, over all runs of all its generations; `{}` for nothing. */
  readonly cost: Cost;
  /** With what the tasks below it have, of those that are told of. */
  readonly totalCost: Cost;
}

/** What became of a job, or has so far. */
export interface JobReport {
  readonly job: JobView;
  /** Milliseconds from its start to its end, or until now; `null` before it has started. */
  readonly tookMs: number | null;
  /** Milliseconds in which agents ran, over the tasks that are told of: with tasks side by side it is more than `tookMs`. */
  readonly ranMs: number;
  /** What all tasks of the job have spent, also those that are not told of. */
  readonly cost: Cost;
  /** In the order in which they were added: what ran, what was skipped or cancelled, and what has not started. */
  readonly tasks: readonly TaskReport[];
  /** Tasks of the job that are not told of, because they are too many. */
  readonly tasksLeftOut: number;
}

export interface ReportOptions {
  /** Most tasks to tell of, 1 to 100,000. Default: 1,000. */
  readonly maxTasks?: number;
}

const MAX_TASKS = 1_000;
const MOST_TASKS = 100_000;
const EVENTS = 1_000;
const COSTS = 1_000;

/** @throws TaskloomError `NOT_FOUND`, `OPTIONS_INVALID` */
export async function readJobReport(
  reader: EngineReader,
  jobId: string,
  now: number,
  { maxTasks = MAX_TASKS }: ReportOptions,
): Promise<JobReport> {
  if (!Number.isInteger(maxTasks) || maxTasks < 1 || maxTasks > MOST_TASKS)
    throw new TaskloomError(
      'OPTIONS_INVALID',
      `\`maxTasks\` is ${inMessage(maxTasks)}; it must be a whole number from 1 to ${MOST_TASKS}.`,
    );
  const job = isName(jobId) ? await reader.job(jobId) : null;
  if (!job) throw notFound('job', jobId);
  const runs = await readRuns(reader, job);
  const views = await readJobTasks(reader, jobId, maxTasks);
  const costs = await readCosts(reader, views);
  const sums = rolledUpCosts(views.map(({ no, parent }, index) => ({ no, parent, cost: costs[index]! })));
  const tasks = views.map((view, index): TaskReport => ({
    ...runsOf(view, runs.of(view.id), now),
    cost: costs[index]!,
    totalCost: sums.get(view.no) ?? NO_COST,
  }));
  const total = Object.values(job.counts).reduce((sum, count) => sum + count, 0);
  return {
    job,
    tookMs: job.startedAt === null ? null : Math.max(0, (job.finishedAt ?? now) - job.startedAt),
    ranMs: tasks.reduce((sum, { ranMs }) => sum + ranMs, 0),
    cost: (await reader.jobCosts([jobId]))[0]!,
    tasks,
    tasksLeftOut: Math.max(0, total - tasks.length),
  };
}

/** Up to the event at which the job was read: what comes while it is read is another report's. */
async function readRuns(reader: StoreReader, { id, lastSeq }: JobView): Promise<JobRuns> {
  const runs = new JobRuns();
  for (let seq = 0; seq < lastSeq;) {
    const events = await reader.events(id, seq, EVENTS);
    if (events.length === 0) break;
    for (const event of events) if (event.seq <= lastSeq) runs.take(event);
    seq = events[events.length - 1]!.seq;
  }
  return runs;
}

async function readCosts(reader: EngineReader, views: readonly TaskView[]): Promise<Cost[]> {
  const costs: Cost[] = [];
  for (let from = 0; from < views.length; from += COSTS) costs.push(...(await reader.taskCosts(views.slice(from, from + COSTS))));
  return costs;
}

function runsOf(view: TaskView, told: readonly TaskRun[], now: number): Omit<TaskReport, 'cost' | 'totalCost'> {
  const { id, key, name, type, agent, status, statusReason, statusMessage, error, summary, attempt, finishedAt } = view;
  // Its end was told of together with that of very many others. When an earlier run ended so, nobody knows any more.
  const runs = told.map((run, index) => (run.endedAt === null && index === told.length - 1 ? { ...run, endedAt: finishedAt } : run));
  const ranMs = runs.reduce((sum, { startedAt, endedAt }, index) => {
    const isRunning = endedAt === null && index === runs.length - 1 && status === 'IN_PROGRESS';
    return sum + Math.max(0, (endedAt ?? (isRunning ? now : startedAt)) - startedAt);
  }, 0);
  return { id, key, name, type, agent, status, statusReason, statusMessage, error, summary, attempts: attempt, runs, ranMs };
}
