import type { SelectQueryBuilder } from 'typeorm';

import { sqlite } from '../dialect/sqlite.js';
import { JobWriter } from '../operations/write-jobs.js';
import type { Database, NumberedWrite } from '../sql/database.js';
import type { Operation } from '../sql/operation.js';
import { openReader, openWriter, type OpenDatabase, type Synchronous } from './open-database.js';
import type { ProcessLock } from './process-lock.js';
import type { SqliteDriver } from './sqlite-driver.js';
import { SqliteJobRows } from './sqlite-job-rows.js';
import { SqliteSession } from './sqlite-session.js';
import { WriteLane } from './write-lane.js';

/** A SQLite file: one connection that writes, in synchronous transactions, and one that reads what is committed. */
export class SqliteDatabase implements Database {
  readonly dialect = sqlite;
  readonly isShared = false;
  readonly forAttempts: SqliteSession;
  readonly forPeople: SqliteSession;
  readonly atOneMoment: SqliteSession;
  private readonly lane: WriteLane;
  private readonly rows: SqliteJobRows;
  private readonly jobWriter: JobWriter;

  private constructor(
    private readonly lock: ProcessLock,
    private readonly writer: OpenDatabase,
    private readonly reader: OpenDatabase,
  ) {
    this.forAttempts = this.forPeople = new SqliteSession(reader.handle);
    this.atOneMoment = new SqliteSession(writer.handle);
    this.lane = new WriteLane(writer.handle);
    this.rows = new SqliteJobRows(writer.handle);
    this.jobWriter = new JobWriter(this.rows);
  }

  /** `lock` is released with the database. */
  static async open(driver: SqliteDriver, path: string, synchronous: Synchronous, lock: ProcessLock): Promise<SqliteDatabase> {
    const writer = await openWriter(driver, path, synchronous);
    return new SqliteDatabase(lock, writer, await openReader(driver, path));
  }

  list<Row>(compose: (query: SelectQueryBuilder<object>) => SelectQueryBuilder<object>): Promise<Row[]> {
    return compose(this.reader.dataSource.createQueryBuilder()).getRawMany<Row & object>();
  }

  async transact<T>(begin: () => Operation<T>): Promise<T> {
    return this.lane.transact(() => this.atOneMoment.runNow(begin()));
  }

  async commit(writes: readonly NumberedWrite[]): Promise<readonly number[]> {
    return this.lane.transact(() => {
      this.rows.begin();
      const numbers = writes.map(({ write, jobNo }) => this.jobWriter.write(write, jobNo));
      this.rows.finish();
      return numbers;
    });
  }

  async close(): Promise<void> {
    await this.reader.dataSource.destroy();
    await this.writer.dataSource.destroy();
    this.lock.release();
  }
}
