import type { Pool } from 'pg';
import { DataSource, type SelectQueryBuilder } from 'typeorm';

import type { TaskloomError } from '../../errors/taskloom-error.js';
import type { Announcement, StoreListener } from '../../ports/store.js';
import { postgres } from '../dialect/postgres.js';
import { eventsOf } from '../operations/job-statements.js';
import type { Database, NumberedWrite } from '../sql/database.js';
import type { Operation } from '../sql/operation.js';
import { TABLES } from '../tables/table-names.js';
import { Committer } from './committer.js';
import { BY_KEY, Connector, type ConnectOptions } from './connect.js';
import { migrate } from './migrate.js';
import { Listener } from './listener.js';
import { NodeLease } from './node-lease.js';
import { announcementOf, channelsOf, type Channels } from './notices.js';
import { PoolSession } from './pool-session.js';
import { repeated } from './repeated.js';
import type { PostgresDriver } from './postgres-driver.js';
import { isRace, isUniqueViolation, storeError } from './postgres-errors.js';

export interface PostgresDatabaseOptions extends ConnectOptions {
  /** Most connections at the same time, those of the lease and of the listener included. */
  readonly connections: number;
}

/** The lease's and the listener's. */
const OF_ITS_OWN = 2;
const NOTIFY = 'SELECT pg_notify($1, $2)';

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
  private listener: Listener | null = null;
  private isClosing = false;

  private constructor(
    private readonly connector: Connector,
    private readonly pool: Pool,
    private readonly views: DataSource,
    private readonly channels: Channels,
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
    this.committer = new Committer(pool, connector.applicationName, channels);
  }

  static async open(driver: PostgresDriver, options: PostgresDatabaseOptions): Promise<PostgresDatabase> {
    const connector = new Connector(driver, options);
    await migrate(connector, options.schema);
    const free = options.connections - OF_ITS_OWN;
    const forViews = Math.max(1, Math.floor(free / 3));
    const views = new DataSource({
      type: 'postgres',
      ...connector.forTypeOrm(forViews),
      installExtensions: false,
      synchronize: false,
      logging: false,
    });
    await views.initialize();
    return new PostgresDatabase(connector, connector.pool(free - forViews, BY_KEY), views, channelsOf(options.schema));
  }

  list<Row>(compose: (query: SelectQueryBuilder<object>) => SelectQueryBuilder<object>): Promise<Row[]> {
    const read = (): Promise<Row[]> => compose(this.views.createQueryBuilder()).getRawMany<Row & object>();
    return repeated(read, { isPatient: false, isClosing: () => this.isClosing });
  }

  transact<T>(begin: () => Operation<T>): Promise<T> {
    return this.transactions.run(begin);
  }

  sign(engine: number): void {
    this.committer.events = eventsOf(engine);
  }

  commit(writes: readonly NumberedWrite[]): Promise<readonly number[]> {
    return this.committer.commit(writes);
  }

  /** From now on commits stand only while this engine is the one that works here. @throws TaskloomError `STORE_IN_USE` */
  async lead(holder: string, leaseMs: number, onLost: (error: TaskloomError) => void): Promise<void> {
    this.lease = await NodeLease.take(this.connector, holder, leaseMs, onLost);
    this.committer.fence = this.lease.fence;
  }

  commitHeld(...held: Parameters<Committer['commitHeld']>): Promise<void> {
    return this.committer.commitHeld(...held);
  }

  /** Hears what other engines write. Whoever leads here is the only one that writes as the leader, and hears the others. */
  async follow(listener: StoreListener): Promise<void> {
    const { leader, others } = this.channels;
    this.listener = await Listener.open(this.connector, this.lease ? [others] : [leader, others], listener);
  }

  async announce(what: Announcement): Promise<void> {
    const { leader, others } = this.channels;
    try {
      await this.pool.query(NOTIFY, [this.lease ? leader : others, announcementOf(this.connector.applicationName, what)]);
    } catch (error) {
      throw storeError(error, 'tell others');
    }
  }

  async close(): Promise<void> {
    this.isClosing = true;
    await this.listener?.close();
    await this.committer.settled();
    await this.lease?.release();
    await this.views.destroy();
    await this.pool.end();
  }
}
