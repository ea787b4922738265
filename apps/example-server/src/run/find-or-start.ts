import { isTerminalTask, type Engine, type JobHandle, type JobView } from '@taskloom/core';
import { RepositoryReport } from '../repository-report/repository-report.workflow.js';
import type { ReportInput, ReportResult } from '../repository-report/report.js';
import { everyPage } from '../every-page.js';

/** The job that will make a report, and what else goes on beside it. */
export interface ReportRun {
  readonly job: JobHandle<ReportResult>;
  /** How much of the job an earlier process had finished; `null` when it has just been started. */
  readonly continued: { readonly finishedTasks: number } | null;
  /** Unfinished jobs of other inputs, which go on too. */
  readonly others: readonly JobView[];
}

/** What is known of the jobs that earlier processes left. */
export interface Earlier {
  /** Before this process did anything; milliseconds since the epoch. */
  readonly until: number;
  /** Jobs that changed in this process: those left unfinished that have ended meanwhile are among them. */
  readonly changed: ReadonlySet<string>;
}

const WORKFLOW = 'repository-report';
const INPUT_BYTES = 65_536;

/** Takes up the unfinished job with the same input, or starts a new one. A finished job is never taken again. */
export async function findOrStart(engine: Engine, input: ReportInput, earlier: Earlier): Promise<ReportRun> {
  const left = await unfinishedJobs(engine, earlier);
  const same: JobView[] = [];
  for (const job of left) if (await hasInput(engine, job.id, input)) same.push(job);
  const [found] = same;
  const others = left.filter((job) => job !== found && job.finishedAt === null);
  if (!found) return { job: await engine.startWorkflow(RepositoryReport, input), continued: null, others };
  const finishedTasks = await countFinished(engine, found.id, earlier.until);
  return { job: engine.job(found.id) as JobHandle<ReportResult>, continued: { finishedTasks }, others };
}

/** Newest first. */
async function unfinishedJobs(engine: Engine, { changed }: Earlier): Promise<JobView[]> {
  const open = await everyPage((page) => engine.reader.jobs({ workflow: WORKFLOW, status: ['RUNNING', 'PAUSED'] }, page));
  const known = new Set(open.map(({ id }) => id));
  const others = await Promise.all([...changed].filter((id) => !known.has(id)).map(async (id) => engine.reader.job(id)));
  const ended = others.filter((job) => job !== null).filter(({ workflow }) => workflow === WORKFLOW);
  return [...open, ...ended].sort((a, b) => b.createdAt - a.createdAt);
}

async function hasInput(engine: Engine, jobId: string, input: ReportInput): Promise<boolean> {
  const stored = (await engine.reader.jobInput(jobId, INPUT_BYTES))?.value as Partial<ReportInput> | null | undefined;
  return stored?.root === input.root && stored.outDir === input.outDir && stored.since === input.since;
}

async function countFinished(engine: Engine, jobId: string, until: number): Promise<number> {
  const tasks = await everyPage((page) => engine.reader.tasks({ jobId }, page));
  return tasks.filter(({ status, finishedAt }) => isTerminalTask(status) && finishedAt !== null && finishedAt <= until).length;
}
