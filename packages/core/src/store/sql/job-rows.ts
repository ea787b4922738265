import type { RowStatement, Statement, Value } from './statement.js';

/** Takes the values of one row. */
export interface RowSink {
  run(...values: readonly Value[]): unknown;
}

/**
 * Where the rows of one commit go, job by job. SQLite writes them in the transaction that is open, some of one kind at a time;
 * PostgreSQL gathers them, and writes those of one table with one statement.
 */
export interface JobRows {
  /** @throws IdempotencyTakenError when another job has the key, now or when the rows are written */
  claimKey(tenant: string, key: string, jobId: string, bodyHash: string): void;
  /** The row of a new job, in the order of `insertJob`. @returns the job's number */
  create(...values: readonly Value[]): number;
  /** The row of a known job, in the order of `appendJob`, ending with its number and the `last_seq` it must have. @throws TaskloomError `STORE_CONFLICT`, now or when the rows are written */
  append(jobId: string, ...values: readonly Value[]): void;
  /** Rows of one kind. They do not depend on one another. */
  sink(statement: RowStatement): RowSink;
  /** Statements that must come after all of these, in their order. */
  after(statement: Statement): RowSink;
}
