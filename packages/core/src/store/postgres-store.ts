import { hostname } from 'node:os';

import type { TaskloomError } from '../errors/taskloom-error.js';
import { loadPostgresDriver } from './postgres/postgres-driver.js';
import { PostgresDatabase } from './postgres/postgres-database.js';
import { storeError } from './postgres/postgres-errors.js';
import { SqlStore } from './sql-store.js';

/** As the engine has completed them; see `PostgresOptions` there. */
export interface PostgresStoreOptions {
  readonly url: string;
  readonly schema: string;
  readonly connections: number;
  readonly leaseMs: number;
  readonly statementTimeoutMs: number;
}

/**
 * State in a schema of a PostgreSQL database. Any number of stores may be open on one schema: their commits stand only on the
 * event they were decided on. One of them leads, and works on the jobs.
 */
export class PostgresStore extends SqlStore {
  private database: PostgresDatabase | null = null;

  constructor(private readonly options: PostgresStoreOptions) {
    super();
  }

  protected async openDatabase(): Promise<PostgresDatabase> {
    const driver = await loadPostgresDriver();
    try {
      this.database = await PostgresDatabase.open(driver, this.options);
      return this.database;
    } catch (error) {
      throw storeError(error, 'be opened');
    }
  }

  async lead(onLost: (error: TaskloomError) => void): Promise<void> {
    await this.database!.lead(`${hostname()}:${process.pid}`, this.options.leaseMs, onLost);
  }
}
