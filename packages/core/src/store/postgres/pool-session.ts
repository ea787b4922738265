import type { Pool } from 'pg';

import type { Operation, Reads } from '../sql/operation.js';
import { ClientSession } from './client-session.js';
import { isConnectionLost } from './postgres-errors.js';
import { repeated, type Patience } from './repeated.js';
import { withClient } from './with-client.js';

export interface PoolSessionOptions extends Patience {
  /** The statement that begins a transaction, where one is wanted: `BEGIN …`. */
  readonly begin?: string;
}

/** Runs each operation on whatever connection of a pool is free, again from its beginning where it certainly changed nothing. */
export class PoolSession implements Reads {
  constructor(
    private readonly pool: Pool,
    private readonly options: PoolSessionOptions,
  ) {}

  read<T>(begin: () => Operation<T>): Promise<T> {
    return this.run(begin);
  }

  /** @throws TaskloomError `STORE_UNAVAILABLE`, `INTERNAL` */
  run<T>(begin: () => Operation<T>): Promise<T> {
    return repeated((onCommit) => this.runOnce(begin(), onCommit), this.options);
  }

  private runOnce<T>(operation: Operation<T>, onCommit: () => void): Promise<T> {
    const { begin } = this.options;
    return withClient(this.pool, async (client) => {
      const session = new ClientSession(client);
      if (begin === undefined) return session.run(operation);
      await client.query(begin);
      try {
        const result = await session.run(operation);
        onCommit();
        await client.query('COMMIT');
        return result;
      } catch (error) {
        if (!isConnectionLost(error)) await client.query('ROLLBACK').catch(() => undefined);
        throw error;
      }
    });
  }
}
