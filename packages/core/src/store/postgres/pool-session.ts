import type { Pool } from 'pg';

import type { Operation, Session } from '../sql/operation.js';
import { ClientSession } from './client-session.js';
import { isConnectionLost, storeError } from './postgres-errors.js';

/** Runs each operation on whatever connection of a pool is free, if wanted inside a transaction. */
export class PoolSession implements Session {
  constructor(
    private readonly pool: Pool,
    /** The statement that begins a transaction, e.g. `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`. */
    private readonly begin: string | null = null,
  ) {}

  /** @throws TaskloomError `STORE_UNAVAILABLE`, `INTERNAL` */
  async run<T>(operation: Operation<T>): Promise<T> {
    try {
      return await this.tryOnce(operation);
    } catch (error) {
      throw storeError(error);
    }
  }

  /** As `run`, with the driver's errors. */
  async tryOnce<T>(operation: Operation<T>): Promise<T> {
    const client = await this.pool.connect();
    let isOver = false;
    try {
      const session = new ClientSession(client);
      if (this.begin === null) {
        const result = await session.run(operation);
        client.release();
        return result;
      }
      await client.query(this.begin);
      const result = await session.run(operation);
      await client.query('COMMIT');
      isOver = true;
      client.release();
      return result;
    } catch (error) {
      const isLost = isConnectionLost(error);
      if (!isLost && !isOver && this.begin !== null) await client.query('ROLLBACK').catch(() => undefined);
      client.release(isLost);
      throw error;
    }
  }
}
