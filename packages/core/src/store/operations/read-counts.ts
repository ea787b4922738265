import { JOB_STATUSES, type JobStatus } from '../../model/job.js';
import { TASK_STATUSES, type TaskStatus } from '../../model/task.js';
import { decodeCounts, jobStatuses } from '../codec/row-codec.js';
import { rows, type Operation } from '../sql/operation.js';
import { statement } from '../sql/statement.js';
import { TABLES } from '../tables/table-names.js';
import type { OpenWork } from '../../ports/reader.js';
import { OPEN } from './load-jobs.js';
import { workOf, type JobViewRow } from './view-rows.js';

/** Both halves of the condition are asked: `?` is one parameter for each place where it stands. */
const OF_TENANT = '(CAST(? AS text) IS NULL OR tenant = ?)';

export const COUNT_STATEMENTS = {
  jobs: statement('count-jobs', `SELECT status, COUNT(*) AS count FROM ${TABLES.job} GROUP BY status`),
  jobsOfTenant: statement('count-jobs-of-tenant', `SELECT status, COUNT(*) AS count FROM ${TABLES.job} WHERE tenant = ? GROUP BY status`),
  open: statement('count-open-tasks', `SELECT counts FROM ${TABLES.job} WHERE status IN (${OPEN.join(',')}) AND ${OF_TENANT}`),
  work: statement('open-work', `SELECT counts, work_done, work_total FROM ${TABLES.job} WHERE status IN (${OPEN.join(',')})`),
} as const;

export function* jobCounts(tenant: string | null): Operation<Record<JobStatus, number>> {
  const counted = Object.fromEntries(JOB_STATUSES.map((status) => [status, 0])) as Record<JobStatus, number>;
  const found =
    tenant === null
      ? yield* rows<{ status: number; count: number }>(COUNT_STATEMENTS.jobs)
      : yield* rows<{ status: number; count: number }>(COUNT_STATEMENTS.jobsOfTenant, tenant);
  for (const { status, count } of found) counted[jobStatuses.fromIndex(status)] = Number(count);
  return counted;
}

/** Every job's row knows its own counts. */
export function* taskCounts(tenant: string | null): Operation<Record<TaskStatus, number>> {
  const sums = TASK_STATUSES.map(() => 0);
  for (const { counts } of yield* rows<{ counts: string }>(COUNT_STATEMENTS.open, tenant, tenant))
    decodeCounts(counts).forEach((count, index) => (sums[index]! += count));
  return Object.fromEntries(TASK_STATUSES.map((status, index) => [status, sums[index]!])) as Record<TaskStatus, number>;
}

/** Every job's row knows how far it is. */
export function* openWork(): Operation<OpenWork> {
  const jobs = yield* rows<Pick<JobViewRow, 'counts' | 'work_done' | 'work_total'>>(COUNT_STATEMENTS.work);
  let [done, total] = [0, 0];
  for (const job of jobs) {
    const work = workOf(job);
    done += work.done;
    total += work.total;
  }
  return { jobs: jobs.length, done, total };
}
