import { TaskloomError } from '../../errors/taskloom-error.js';
import { IdempotencyTakenError } from '../../ports/store.js';
import { sqlite } from '../dialect/sqlite.js';
import { JOB_ROWS } from '../operations/job-statements.js';
import type { JobRows, RowSink } from '../sql/job-rows.js';
import type { RowStatement, Statement, Value } from '../sql/statement.js';
import type { SqliteHandle, SqliteStatement } from './sqlite-driver.js';

/** Writes each row at once, with a prepared statement, inside the transaction of the write lane. */
export class SqliteJobRows implements JobRows {
  private readonly claim: SqliteStatement;
  private readonly insertJob: SqliteStatement;
  private readonly updateJob: SqliteStatement;

  constructor(private readonly database: SqliteHandle) {
    this.claim = database.prepare(`${sqlite.rowText(JOB_ROWS.claimKey)} ON CONFLICT DO NOTHING`);
    this.insertJob = database.prepare(sqlite.rowText(JOB_ROWS.createJob));
    this.updateJob = database.prepare(`${sqlite.rowText(JOB_ROWS.appendJob)} AND last_seq = ?`);
  }

  claimKey(tenant: string, key: string, jobId: string, bodyHash: string): void {
    if (this.claim.run(tenant, key, jobId, bodyHash).changes === 0) throw new IdempotencyTakenError(key);
  }

  create(...values: readonly Value[]): number {
    return Number(this.insertJob.run(...values).lastInsertRowid);
  }

  append(jobId: string, ...values: readonly Value[]): void {
    if (this.updateJob.run(...values).changes === 1) return;
    throw conflict(jobId, Number(values[values.length - 1]));
  }

  sink(statement: RowStatement): RowSink {
    return this.database.prepare(sqlite.rowText(statement));
  }

  after(statement: Statement): RowSink {
    return this.database.prepare(sqlite.textOf(statement));
  }
}

function conflict(jobId: string, expectedSeq: number): TaskloomError {
  return new TaskloomError('STORE_CONFLICT', `Job ${jobId} is no longer at event ${expectedSeq}.`, { details: { jobId, expectedSeq } });
}
