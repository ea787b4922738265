import type { SelectQueryBuilder } from 'typeorm';

import type { Steps } from '../../kernel/steps.js';
import { sqlite } from '../dialect/sqlite.js';
import { eventsOf, JOB_ROWS } from '../operations/job-statements.js';
import { JobWriter } from '../operations/write-jobs.js';
import type { Database, NumberedWrite } from '../sql/database.js';
import type { Operation } from '../sql/operation.js';
import type { RowStatement } from '../sql/statement.js';
import { openReader, openWriter, type OpenDatabase, type Synchronous } from './open-database.js';
import type { ProcessLock } from './process-lock.js';
import type { SqliteDriver, SqliteHandle } from './sqlite-driver.js';
import { SqliteJobRows } from './sqlite-job-rows.js';
import { SqliteSession } from './sqlite-session.js';
import { SnapshotReads } from './snapshot-reads.js';
import { WriteLane } from './write-lane.js';

/** What writes commits. */
interface Writing {
  readonly rows: SqliteJobRows;
  readonly jobs: JobWriter;
}

/** A SQLite file: one connection that writes, one that reads what is committed, and one that reads what is long. */
export class SqliteDatabase implements Database {
  readonly dialect = sqlite;
  readonly isShared = false;
  readonly forAttempts: SqliteSession;
  readonly forPeople: SqliteSession;
  readonly atOneMoment: SnapshotReads;
  /** On the connection that writes. */
  private readonly changes: SqliteSession;
  private readonly lane: WriteLane;
  private writing: Writing;

  private constructor(
    private readonly lock: ProcessLock,
    private readonly writer: OpenDatabase,
    private readonly reader: OpenDatabase,
    private readonly snapshots: SqliteHandle,
  ) {
    this.forAttempts = this.forPeople = new SqliteSession(reader.handle);
    this.atOneMoment = new SnapshotReads(snapshots);
    this.changes = new SqliteSession(writer.handle);
    this.lane = new WriteLane(writer.handle);
    this.writing = writingOf(writer.handle, JOB_ROWS.event);
  }

  /** `lock` is released with the database. */
  static async open(driver: SqliteDriver, path: string, synchronous: Synchronous, lock: ProcessLock): Promise<SqliteDatabase> {
    const writer = await openWriter(driver, path, synchronous);
    return new SqliteDatabase(lock, writer, await openReader(driver, path), new driver(path, { readonly: true }));
  }

  list<Row>(compose: (query: SelectQueryBuilder<object>) => SelectQueryBuilder<object>): Promise<Row[]> {
    return compose(this.reader.dataSource.createQueryBuilder()).getRawMany<Row & object>();
  }

  transact<T>(begin: () => Operation<T>): Promise<T> {
    return this.lane.transact(() => this.changes.steps(begin()));
  }

  sign(engine: number): void {
    this.writing = writingOf(this.writer.handle, eventsOf(engine));
  }

  commit(writes: readonly NumberedWrite[]): Promise<readonly number[]> {
    const { writing } = this;
    return this.lane.transact(() => writeAll(writing, writes));
  }

  async close(): Promise<void> {
    await Promise.all([this.lane.settled(), this.atOneMoment.settled()]);
    this.snapshots.close();
    await this.reader.dataSource.destroy();
    await this.writer.dataSource.destroy();
    this.lock.release();
  }
}

function* writeAll({ rows, jobs }: Writing, writes: readonly NumberedWrite[]): Steps<number[]> {
  const numbers: number[] = [];
  rows.begin();
  for (const { write, jobNo } of writes) numbers.push(yield* jobs.write(write, jobNo));
  rows.finish();
  return numbers;
}

function writingOf(handle: SqliteHandle, events: RowStatement): Writing {
  const rows = new SqliteJobRows(handle);
  return { rows, jobs: new JobWriter(rows, events) };
}
