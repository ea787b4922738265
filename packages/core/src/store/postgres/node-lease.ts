import type { Client } from 'pg';

import { TaskloomError } from '../../errors/taskloom-error.js';
import { row, type Operation } from '../sql/operation.js';
import { statement } from '../sql/statement.js';
import { TABLES } from '../tables/table-names.js';
import { ClientSession } from './client-session.js';
import type { Connector } from './connect.js';
import { isConnectionLost, storeError } from './postgres-errors.js';

/** Milliseconds since the epoch by the database's clock: no other is asked. */
const NOW = 'CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)';
const STARTED = 'CAST(extract(epoch FROM backend_start) AS text)';
const SESSION = `pg_backend_pid(), (SELECT ${STARTED} FROM pg_stat_activity WHERE pid = pg_backend_pid())`;
/** The session that holds it is there. Where the server does not tell of it, it counts as there. */
const HOLDER_LIVES = `EXISTS (SELECT 1 FROM pg_stat_activity a WHERE a.pid = held.backend AND COALESCE(${STARTED.replace('backend_start', 'a.backend_start')}, held.backend_start) = held.backend_start)`;

export const LEASE_STATEMENTS = {
  take: statement(
    'take-lease',
    `INSERT INTO ${TABLES.node} AS held (no, holder, fence, expires_at, backend, backend_start) SELECT 1, CAST(? AS text), 1, ${NOW} + CAST(? AS bigint), ${SESSION} ON CONFLICT (no) DO UPDATE SET holder = excluded.holder, fence = held.fence + 1, expires_at = excluded.expires_at, backend = excluded.backend, backend_start = excluded.backend_start WHERE held.expires_at <= ${NOW} OR NOT ${HOLDER_LIVES} RETURNING fence`,
  ),
  renew: statement(
    'renew-lease',
    `UPDATE ${TABLES.node} SET expires_at = ${NOW} + CAST(? AS bigint), (backend, backend_start) = (SELECT ${SESSION}) WHERE no = 1 AND fence = ? RETURNING fence`,
  ),
  release: statement('release-lease', `UPDATE ${TABLES.node} SET expires_at = 0 WHERE no = 1 AND fence = ? RETURNING fence`),
  holder: statement('lease-holder', `SELECT holder, fence, expires_at - ${NOW} AS left_ms FROM ${TABLES.node} WHERE no = 1`),
} as const;

export interface Holder {
  readonly holder: string;
  readonly fence: number;
  readonly left_ms: number;
}

/** What of a lease's time passes between two renewals, and between two tries while the server cannot be reached. */
const RENEWALS = 3;
const RETRIES = 30;

/**
 * That this engine is the only one that works on the jobs of a schema: the row `taskloom_node`, renewed on a connection of its
 * own. Another engine may take it over when it has run out by the database's clock, or when the session that held it is gone,
 * as after the death of the process. Every commit names the fence that was taken with it: what an earlier holder still
 * writes does not stand.
 */
export class NodeLease {
  private timer: NodeJS.Timeout | null = null;
  private renewing: Promise<void> = Promise.resolve();
  private isOver = false;

  private constructor(
    private readonly connector: Connector,
    private client: Client,
    readonly fence: number,
    private readonly leaseMs: number,
    private readonly onLost: (error: TaskloomError) => void,
  ) {
    this.schedule(leaseMs / RENEWALS);
  }

  /**
   * `holder` is what others read of it. `onLost` is called once, when another engine has taken over.
   *
   * @throws TaskloomError `STORE_IN_USE` while another engine holds it
   */
  static async take(connector: Connector, holder: string, leaseMs: number, onLost: (error: TaskloomError) => void): Promise<NodeLease> {
    const client = connector.client();
    try {
      await client.connect();
      const session = new ClientSession(client);
      const taken = await session.run(row<{ fence: number }>(LEASE_STATEMENTS.take, holder, leaseMs));
      if (taken) return new NodeLease(connector, client, taken.fence, leaseMs, onLost);
      throw inUse(await session.run(row<Holder>(LEASE_STATEMENTS.holder)));
    } catch (error) {
      await end(client);
      throw storeError(error, 'be taken for this engine');
    }
  }

  /** Gives it back, so that the next engine need not wait. */
  async release(): Promise<void> {
    this.isOver = true;
    if (this.timer) clearTimeout(this.timer);
    await this.renewing;
    await this.run(row(LEASE_STATEMENTS.release, this.fence)).catch(() => undefined);
    await end(this.client);
  }

  private schedule(afterMs: number): void {
    if (this.isOver) return;
    this.timer = setTimeout(() => {
      this.renewing = this.renew();
    }, afterMs);
    this.timer.unref();
  }

  private async renew(): Promise<void> {
    try {
      const renewed = await this.run(row<{ fence: number }>(LEASE_STATEMENTS.renew, this.leaseMs, this.fence));
      if (renewed) return this.schedule(this.leaseMs / RENEWALS);
      this.isOver = true;
      this.onLost(superseded(await this.run(row<Holder>(LEASE_STATEMENTS.holder))));
    } catch (error) {
      // While the server cannot be reached nobody can take over, or whoever does raises the fence: nothing is to be feared.
      if (isConnectionLost(error)) await this.reconnect();
      this.schedule(this.leaseMs / RETRIES);
    }
  }

  private run<T>(operation: Operation<T>): Promise<T> {
    return new ClientSession(this.client).run(operation);
  }

  private async reconnect(): Promise<void> {
    await end(this.client);
    this.client = this.connector.client();
    await this.client.connect().catch(() => undefined);
  }
}

function inUse(found: Holder | undefined): TaskloomError {
  const leftMs = Math.max(0, found?.left_ms ?? 0);
  return new TaskloomError(
    'STORE_IN_USE',
    `Another engine (${found?.holder ?? 'unknown'}) works on this database; unless it renews its lease, that runs out in ${Math.ceil(leftMs / 1_000)} s.`,
    { details: { holder: found?.holder ?? null, leftMs } },
  );
}

export function superseded(found?: Holder): TaskloomError {
  return new TaskloomError(
    'ENGINE_SUPERSEDED',
    `Another engine${found ? ` (${found.holder})` : ''} has taken over this database; what this one would write does not count any more.`,
    { details: { holder: found?.holder ?? null } },
  );
}

async function end(client: Client): Promise<void> {
  await client.end().catch(() => undefined);
}
