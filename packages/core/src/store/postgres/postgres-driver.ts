import type pg from 'pg';

import { TaskloomError } from '../../errors/taskloom-error.js';

/** What the driver's package gives. */
export type PostgresDriver = typeof pg;

/**
 * Loads the driver, which is installed by those who use PostgreSQL.
 *
 * @throws TaskloomError `DRIVER_MISSING` with what to install
 */
export async function loadPostgresDriver(
  load: () => Promise<{ readonly default: PostgresDriver }> = () => import('pg'),
): Promise<PostgresDriver> {
  try {
    return (await load()).default;
  } catch (error) {
    throw new TaskloomError('DRIVER_MISSING', `The PostgreSQL driver cannot be loaded: ${(error as Error).message.split('\n')[0]!}`, {
      cause: error,
      remedy: 'Install it: `npm install pg` (or `pnpm add pg`, `yarn add pg`).',
    });
  }
}
