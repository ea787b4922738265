import { hostname } from 'node:os';

import { TaskloomError } from '../errors/taskloom-error.js';
import type { Duration } from '../kernel/duration.js';
import type { JobEvent } from '../model/event.js';
import type { Announcement, JobNews, JobWrite, SharedStore, StoreListener } from '../ports/store.js';
import { loadTail, standingOf } from './operations/load-jobs.js';
import { loadPostgresDriver } from './postgres/postgres-driver.js';
import type { PostgresDatabase } from './postgres/postgres-database.js';
import { storeError } from './postgres/postgres-errors.js';
import { SqlStore } from './sql-store.js';

export interface PostgresStoreOptions {
  readonly type: 'postgres';
  /** `postgres://user:password@host:5432/database`, where needed with `?sslmode=verify-full` and the like. */
  readonly url: string;
  /** The schema of the tables; it is made when absent. Default `taskloom`. */
  readonly schema?: string;
  /** Most connections at the same time. Default 8, at least 4. */
  readonly connections?: number;
  /** An engine that has not been heard of for this long, by the database's clock, may be taken over by another. Default 30 s, at least 1 s. */
  readonly lease?: Duration;
  /** Most time for one statement; then the server gives it up. Default 60 s, at least 1 s. */
  readonly statementTimeout?: Duration;
}

/** The completed form. */
export interface ParsedPostgresOptions {
  readonly type: 'postgres';
  readonly url: string;
  readonly schema: string;
  readonly connections: number;
  readonly leaseMs: number;
  readonly statementTimeoutMs: number;
}

/**
 * State in a schema of a PostgreSQL database. Any number of stores may be open on one schema: their commits stand only on the
 * event they were decided on, and tell those who follow. One of them leads, and works on the jobs.
 */
export class PostgresStore extends SqlStore implements SharedStore {
  readonly shared = true;
  private database: PostgresDatabase | null = null;

  constructor(private readonly options: ParsedPostgresOptions) {
    super();
  }

  protected async openDatabase(): Promise<PostgresDatabase> {
    const driver = await loadPostgresDriver();
    // TypeORM is behind this import; who only defines agents never waits for it.
    const { PostgresDatabase } = await import('./postgres/postgres-database.js');
    try {
      this.database = await PostgresDatabase.open(driver, this.options);
      return this.database;
    } catch (error) {
      throw storeError(error, 'be opened');
    }
  }

  async lead(onLost: (error: TaskloomError) => void): Promise<void> {
    await this.requireOpen().lead(`${hostname()}:${process.pid}`, this.options.leaseMs, onLost);
  }

  async follow(listener: StoreListener): Promise<void> {
    await this.requireOpen().follow(listener);
  }

  async announce(what: Announcement): Promise<void> {
    await this.requireOpen().announce(what);
  }

  async standing(jobIds: readonly string[]): Promise<readonly JobNews[]> {
    return this.requireOpen().forPeople.read(() => standingOf(jobIds));
  }

  async eventsAfter(jobId: string, seq: number): Promise<readonly JobEvent[]> {
    const jobNo = await this.jobNo(jobId);
    return this.requireOpen().atOneMoment.read(() => loadTail(jobNo, seq));
  }

  async commitHeld(jobId: string, afterSeq: number, decide: (since: readonly JobEvent[]) => JobWrite | null): Promise<void> {
    await this.requireOpen().commitHeld(jobId, await this.jobNo(jobId), afterSeq, decide);
  }

  private requireOpen(): PostgresDatabase {
    if (!this.database) throw new TaskloomError('ENGINE_STOPPED', 'The store is not open.');
    return this.database;
  }
}
