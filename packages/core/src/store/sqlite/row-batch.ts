import { rowsText } from '../dialect/sqlite.js';
import type { RowSink } from '../sql/job-rows.js';
import type { RowStatement, Value } from '../sql/statement.js';
import type { SqliteHandle, SqliteStatement } from './sqlite-driver.js';

/** Rows of one statement. Together they take about half as long as one by one; more than these gain nothing any more. */
const TOGETHER = 16;

/** Gathers rows of one kind, and writes them some at a time. */
export class RowBatch implements RowSink {
  private readonly one: SqliteStatement;
  private several: SqliteStatement | null = null;
  private readonly width: number;
  /** Written over again and again: an array that is emptied has to grow anew. */
  private readonly values: Value[];
  private used = 0;

  constructor(
    private readonly database: SqliteHandle,
    private readonly statement: RowStatement,
  ) {
    this.one = database.prepare(rowsText(statement, 1));
    this.width = statement.columns.length;
    this.values = Array<Value>(this.width * TOGETHER).fill(null);
  }

  run(...values: readonly Value[]): void {
    let { used } = this;
    for (let index = 0; index < values.length; index += 1) this.values[used++] = values[index]!;
    this.used = used;
    if (used === this.values.length) this.writeFull();
  }

  /** Writes what is left. */
  finish(): void {
    for (let from = 0; from < this.used; from += this.width) this.one.run(...this.values.slice(from, from + this.width));
    this.clear();
  }

  clear(): void {
    this.used = 0;
  }

  private writeFull(): void {
    this.several ??= this.database.prepare(rowsText(this.statement, TOGETHER));
    this.several.run(...this.values);
    this.clear();
  }
}
