import { TaskloomError } from '../../errors/taskloom-error.js';
import { IdempotencyTakenError } from '../../ports/store.js';
import { sqlite } from '../dialect/sqlite.js';
import { JOB_ROWS } from '../operations/job-statements.js';
import type { JobRows, RowSink } from '../sql/job-rows.js';
import type { RowStatement, Statement, Value } from '../sql/statement.js';
import { RowBatch } from './row-batch.js';
import type { SqliteHandle, SqliteStatement } from './sqlite-driver.js';

/** Where a value of `advanceJob` stands among those of `appendJob`. */
const ADVANCED = JOB_ROWS.advanceJob.columns.map((column) => JOB_ROWS.appendJob.columns.indexOf(column));

/** Writes the rows of one commit after another with prepared statements, inside the transaction of the write lane. */
export class SqliteJobRows implements JobRows {
  private readonly claim: SqliteStatement;
  private readonly insertJob: SqliteStatement;
  private readonly updateJob: SqliteStatement;
  private readonly advanceJob: SqliteStatement;
  private readonly batches: RowBatch[] = [];
  private readonly later: { readonly statement: SqliteStatement; readonly params: readonly Value[] }[] = [];

  constructor(private readonly database: SqliteHandle) {
    this.claim = database.prepare(`${sqlite.rowText(JOB_ROWS.claimKey)} ON CONFLICT DO NOTHING`);
    this.insertJob = database.prepare(sqlite.rowText(JOB_ROWS.createJob));
    this.updateJob = database.prepare(`${sqlite.rowText(JOB_ROWS.appendJob)} AND last_seq = ?`);
    this.advanceJob = database.prepare(`${sqlite.rowText(JOB_ROWS.advanceJob)} AND last_seq = ?`);
  }

  claimKey(tenant: string, key: string, jobId: string, bodyHash: string): void {
    if (this.claim.run(tenant, key, jobId, bodyHash).changes === 0) throw new IdempotencyTakenError(key);
  }

  create(...values: readonly Value[]): number {
    return Number(this.insertJob.run(...values).lastInsertRowid);
  }

  append(jobId: string, ...values: readonly Value[]): void {
    const expectedSeq = values[values.length - 1]!;
    // SQLite rewrites the indices of all columns that a statement sets, be their values what they were.
    if (this.advanceJob.run(...ADVANCED.map((index) => values[index]!), expectedSeq).changes === 1) return;
    if (this.updateJob.run(...values).changes === 1) return;
    throw conflict(jobId, Number(expectedSeq));
  }

  sink(statement: RowStatement): RowSink {
    const batch = new RowBatch(this.database, statement);
    this.batches.push(batch);
    return batch;
  }

  after(statement: Statement): RowSink {
    const prepared = this.database.prepare(sqlite.textOf(statement));
    return { run: (...params) => void this.later.push({ statement: prepared, params }) };
  }

  /** A commit begins; one that did not stand may have left rows. */
  begin(): void {
    for (const batch of this.batches) batch.clear();
    this.later.length = 0;
  }

  /** Writes what is not written yet. */
  finish(): void {
    for (const batch of this.batches) batch.finish();
    for (const { statement, params } of this.later) statement.run(...params);
  }
}

function conflict(jobId: string, expectedSeq: number): TaskloomError {
  return new TaskloomError('STORE_CONFLICT', `Job ${jobId} is no longer at event ${expectedSeq}.`, { details: { jobId, expectedSeq } });
}
