import type { SelectQueryBuilder } from 'typeorm';

import type { JobWrite } from '../../ports/store.js';
import type { Dialect } from '../dialect/dialect.js';
import type { Operation, Reads } from './operation.js';

/** A job's part of a commit, and the database's own number of the job; `null` for a job that it makes. */
export interface NumberedWrite {
  readonly write: JobWrite;
  readonly jobNo: number | null;
}

/** An open database: what a store does on it, and on which of its connections. */
export interface Database {
  readonly dialect: Dialect;
  /** What is committed, for attempts: where the database is away, they wait until it is back. */
  readonly forAttempts: Reads;
  /** What is committed, for people: where the database is away, they are told. */
  readonly forPeople: Reads;
  /** Several reads that see one moment, with everything that this process has written. */
  readonly atOneMoment: Reads;
  /** Composes lists of committed data with TypeORM's query builder, for people; `compose` gets an empty one. */
  list<Row>(compose: (query: SelectQueryBuilder<object>) => SelectQueryBuilder<object>): Promise<Row[]>;
  /** Whether others may write here, too. */
  readonly isShared: boolean;
  /** Changes that stand together or not at all. Where others came in between, they are made again from the start. */
  transact<T>(begin: () => Operation<T>): Promise<T>;
  /** From now on the events of commits name the engine with this number. Until then they name none. */
  sign(engine: number): void;
  /** Writes all or nothing, commits in the order in which they were asked for. Resolves to the numbers of the jobs. @throws as `Store.commit` */
  commit(writes: readonly NumberedWrite[]): Promise<readonly number[]>;
  close(): Promise<void>;
}
