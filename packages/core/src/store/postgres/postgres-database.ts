import type { Pool } from 'pg';
import { DataSource, type SelectQueryBuilder } from 'typeorm';

import type { TaskloomError } from '../../errors/taskloom-error.js';
import { postgres } from '../dialect/postgres.js';
import type { Database, NumberedWrite } from '../sql/database.js';
import type { Operation } from '../sql/operation.js';
import { TABLES } from '../tables/table-names.js';
import { Committer } from './committer.js';
import { BY_KEY, Connector, type ConnectOptions } from './connect.js';
import { migrate } from './migrate.js';
import { NodeLease } from './node-lease.js';
import { PoolSession } from './pool-session.js';
import { repeated } from './repeated.js';
import type { PostgresDriver } from './postgres-driver.js';
import { isRace, isUniqueViolation } from './postgres-errors.js';

export interface PostgresDatabaseOptions extends ConnectOptions {
  /** Most connections at the same time, that of the lease included. */
  readonly connections: number;
}

/** A schema of a PostgreSQL database: a pool for what the engine does, one for composed lists, both the store's own. */
export class PostgresDatabase implements Database {
  readonly dialect = postgres;
  readonly isShared = true;
  readonly forAttempts: PoolSession;
  readonly forPeople: PoolSession;
  readonly atOneMoment: PoolSession;
  private readonly transactions: PoolSession;
  private readonly committer: Committer;
  private lease: NodeLease | null = null;
  private isClosing = false;

  private constructor(
    private readonly connector: Connector,
    private readonly pool: Pool,
    private readonly views: DataSource,
  ) {
    const isClosing = (): boolean => this.isClosing;
    this.forAttempts = new PoolSession(pool, { isPatient: true, isClosing });
    this.forPeople = new PoolSession(pool, { isPatient: false, isClosing });
    this.atOneMoment = new PoolSession(pool, {
      begin: 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
      isPatient: false,
      isClosing,
    });
    // Two have made the same entry at the same time: the second finds it when it looks again.
    const mayRepeat = (error: unknown): boolean => isRace(error) || isUniqueViolation(error, TABLES.keyValue);
    this.transactions = new PoolSession(pool, { begin: 'BEGIN', isPatient: true, isClosing, mayRepeat });
    this.committer = new Committer(pool, connector.applicationName);
  }

  static async open(driver: PostgresDriver, options: PostgresDatabaseOptions): Promise<PostgresDatabase> {
    const connector = new Connector(driver, options);
    await migrate(connector, options.schema);
    const forViews = Math.max(1, Math.floor((options.connections - 1) / 3));
    const views = new DataSource({
      type: 'postgres',
      ...connector.forTypeOrm(forViews),
      installExtensions: false,
      synchronize: false,
      logging: false,
    });
    await views.initialize();
    return new PostgresDatabase(connector, connector.pool(options.connections - 1 - forViews, BY_KEY), views);
  }

  list<Row>(compose: (query: SelectQueryBuilder<object>) => SelectQueryBuilder<object>): Promise<Row[]> {
    const read = (): Promise<Row[]> => compose(this.views.createQueryBuilder()).getRawMany<Row & object>();
    return repeated(read, { isPatient: false, isClosing: () => this.isClosing });
  }

  transact<T>(begin: () => Operation<T>): Promise<T> {
    return this.transactions.run(begin);
  }

  commit(writes: readonly NumberedWrite[]): Promise<readonly number[]> {
    return this.committer.commit(writes);
  }

  /** From now on commits stand only while this engine is the one that works here. @throws TaskloomError `STORE_IN_USE` */
  async lead(holder: string, leaseMs: number, onLost: (error: TaskloomError) => void): Promise<void> {
    this.lease = await NodeLease.take(this.connector, holder, leaseMs, onLost);
    this.committer.fence = this.lease.fence;
  }

  async close(): Promise<void> {
    this.isClosing = true;
    await this.committer.settled();
    await this.lease?.release();
    await this.views.destroy();
    await this.pool.end();
  }
}
