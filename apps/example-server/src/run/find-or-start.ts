import type { Engine, JobHandle, JobView } from '@taskloom/core';
import { RepositoryReport } from '../repository-report/repository-report.workflow.js';
import type { ReportInput, ReportResult } from '../repository-report/report.js';

/** The job that will make a report, and what else goes on beside it. */
export interface ReportRun {
  readonly job: JobHandle<ReportResult>;
  /** The job as an earlier process left it; `null` when it has just been started. */
  readonly continued: JobView | null;
  /** Unfinished jobs of other inputs, which go on too. */
  readonly others: readonly JobView[];
}

const WORKFLOW = 'repository-report';
const INPUT_BYTES = 65_536;

/** Takes up the unfinished job with the same input, or starts a new one. A finished job is never taken again. */
export async function findOrStart(engine: Engine, input: ReportInput): Promise<ReportRun> {
  const open = await openJobs(engine);
  const same: JobView[] = [];
  for (const job of open) if (await hasInput(engine, job.id, input)) same.push(job);
  const continued = same[0] ?? null;
  const others = open.filter((job) => job !== continued);
  const job = continued ? (engine.job(continued.id) as JobHandle<ReportResult>) : await engine.startWorkflow(RepositoryReport, input);
  return { job, continued, others };
}

async function openJobs(engine: Engine): Promise<JobView[]> {
  const found: JobView[] = [];
  let after: string | undefined;
  do {
    const page = await engine.reader.jobs(
      { workflow: WORKFLOW, status: ['RUNNING', 'PAUSED'] },
      { first: 100, ...(after === undefined ? {} : { after }) },
    );
    found.push(...page.items);
    after = page.hasNextPage ? page.cursors.at(-1) : undefined;
  } while (after !== undefined);
  return found;
}

async function hasInput(engine: Engine, jobId: string, input: ReportInput): Promise<boolean> {
  const stored = (await engine.reader.jobInput(jobId, INPUT_BYTES))?.value as Partial<ReportInput> | null | undefined;
  return stored?.root === input.root && stored.outDir === input.outDir && stored.since === input.since;
}
