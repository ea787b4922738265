import type { Pool, PoolClient } from 'pg';

import { isConnectionLost } from './postgres-errors.js';

/** Does something on a connection of a pool, and gives it back; one that is lost is not used again. */
export async function withClient<T>(pool: Pool, act: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let isLost = false;
  try {
    return await act(client);
  } catch (error) {
    isLost = isConnectionLost(error);
    throw error;
  } finally {
    client.release(isLost);
  }
}
