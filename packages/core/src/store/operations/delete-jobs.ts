import { JOB_STATUSES, isTerminalJob } from '../../model/job.js';
import type { DeletedJob } from '../../ports/store.js';
import { jobStatuses } from '../codec/row-codec.js';
import { change, row, rows, type Operation } from '../sql/operation.js';
import { statement, type Statement } from '../sql/statement.js';
import { PAYLOAD_KINDS, TABLES } from '../tables/table-names.js';

const ENDED = JOB_STATUSES.filter(isTerminalJob).map((status) => jobStatuses.toIndex(status));
const IS_ENDED = `status IN (${ENDED.join(', ')}) AND finished_at > 0 AND finished_at < ?`;
/** Numbers that one transaction takes away of each kind of rows. */
const STRIDE = 2_000;

export const DELETE_STATEMENTS = {
  endedOfAll: statement('ended-jobs', `SELECT no, id, tenant FROM ${TABLES.job} WHERE ${IS_ENDED} ORDER BY finished_at LIMIT ?`),
  endedOfTenant: statement(
    'ended-jobs-of-tenant',
    `SELECT no, id, tenant FROM ${TABLES.job} WHERE ${IS_ENDED} AND tenant = ? ORDER BY finished_at LIMIT ?`,
  ),
  /** Nothing where the job was reopened meanwhile. */
  job: statement('delete-job', `DELETE FROM ${TABLES.job} WHERE no = ? AND ${IS_ENDED} RETURNING last_seq`),
  spec: statement('delete-job-spec', `DELETE FROM ${TABLES.jobSpec} WHERE job_no = ?`),
  keys: statement('delete-job-keys', `DELETE FROM ${TABLES.idempotency} WHERE job_id = ?`),
  tasks: statement('count-job-tasks', `SELECT COALESCE(MAX(no), 0) + 1 AS tasks FROM ${TABLES.taskSpec} WHERE job_no = ?`),
  remember: statement(
    'remember-expired-job',
    `INSERT INTO ${TABLES.expiredJob} (id, tenant, expired_at, no, numbers) VALUES (?, ?, ?, ?, ?)`,
  ),
  leftOver: statement('left-over-rows', `SELECT id, no, numbers FROM ${TABLES.expiredJob} WHERE no IS NOT NULL ORDER BY no LIMIT 1`),
  fewer: statement('fewer-left-over-rows', `UPDATE ${TABLES.expiredJob} SET numbers = ? WHERE id = ?`),
  gone: statement('no-left-over-rows', `UPDATE ${TABLES.expiredJob} SET no = NULL, numbers = 0 WHERE id = ?`),
  expired: statement('expired-job', `SELECT tenant, expired_at FROM ${TABLES.expiredJob} WHERE id = ?`),
} as const;

const IN_STRIDE = (column: string): string => `job_no = ? AND ${column} >= ? AND ${column} < ?`;

/** Rows of a job, by the numbers they have in it. */
export const SWEEP_STATEMENTS: readonly Statement[] = [
  statement('sweep-events', `DELETE FROM ${TABLES.event} WHERE ${IN_STRIDE('seq')}`),
  statement(
    'sweep-payloads',
    `DELETE FROM ${TABLES.payload} WHERE kind IN (${Object.values(PAYLOAD_KINDS).join(', ')}) AND ${IN_STRIDE('n')}`,
  ),
  statement('sweep-steps', `DELETE FROM ${TABLES.step} WHERE ${IN_STRIDE('task')}`),
  // What the whole job has spent stands before its first task.
  statement('sweep-costs', `DELETE FROM ${TABLES.taskCost} WHERE job_no = ? AND task_no >= ? - 1 AND task_no < ? - 1`),
  statement('sweep-requests', `DELETE FROM ${TABLES.request} WHERE ${IN_STRIDE('no')}`),
  statement('sweep-tasks', `DELETE FROM ${TABLES.task} WHERE ${IN_STRIDE('no')}`),
  statement('sweep-task-specs', `DELETE FROM ${TABLES.taskSpec} WHERE ${IN_STRIDE('no')}`),
];

interface EndedJob {
  readonly no: number;
  readonly id: string;
  readonly tenant: string;
}

export interface DeleteJobs {
  readonly endedBefore: number;
  readonly max: number;
  readonly now: number;
  readonly tenant: string | null;
}

/**
 * Takes jobs out of sight that ended before a moment, the earliest first, each as a whole: from then on there is no such job,
 * and its idempotency key is free. Its other rows are left to `sweepRows`. Runs in one transaction.
 */
export function* expireJobs({ endedBefore, max, now, tenant }: DeleteJobs): Operation<DeletedJob[]> {
  const ended =
    tenant === null
      ? yield* rows<EndedJob>(DELETE_STATEMENTS.endedOfAll, endedBefore, max)
      : yield* rows<EndedJob>(DELETE_STATEMENTS.endedOfTenant, endedBefore, tenant, max);
  const expired: DeletedJob[] = [];
  for (const job of ended) {
    const deleted = yield* row<{ last_seq: number }>(DELETE_STATEMENTS.job, job.no, endedBefore);
    if (!deleted) continue;
    const { tasks } = (yield* row<{ tasks: number }>(DELETE_STATEMENTS.tasks, job.no))!;
    yield* change(DELETE_STATEMENTS.spec, job.no);
    yield* change(DELETE_STATEMENTS.keys, job.id);
    yield* change(DELETE_STATEMENTS.remember, job.id, job.tenant, now, job.no, Math.max(deleted.last_seq, tasks) + 1);
    expired.push({ id: job.id, tenant: job.tenant });
  }
  return expired;
}

/**
 * Deletes some of the rows that expired jobs have left. Runs in one transaction, which is short whatever the size of the job.
 *
 * @returns whether there may be more
 */
export function* sweepRows(): Operation<boolean> {
  const left = yield* row<{ id: string; no: number; numbers: number }>(DELETE_STATEMENTS.leftOver);
  if (!left) return false;
  const from = Math.max(0, left.numbers - STRIDE);
  for (const sweep of SWEEP_STATEMENTS) yield* change(sweep, left.no, from, left.numbers);
  if (from === 0) yield* change(DELETE_STATEMENTS.gone, left.id);
  else yield* change(DELETE_STATEMENTS.fewer, from, left.id);
  return true;
}

/** When a job was deleted, and whose it was; `null` for jobs that are there, or never were. */
export function* expiredJob(id: string): Operation<{ readonly tenant: string; readonly expiredAt: number } | null> {
  const found = yield* row<{ tenant: string; expired_at: number }>(DELETE_STATEMENTS.expired, id);
  return found ? { tenant: found.tenant, expiredAt: found.expired_at } : null;
}
