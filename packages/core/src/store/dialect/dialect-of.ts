import type { QueryRunner } from 'typeorm';

import type { Dialect } from './dialect.js';
import { postgres } from './postgres.js';
import { sqlite } from './sqlite.js';

/** The dialect of the database that a migration runs on. */
export function dialectOf({ connection }: QueryRunner): Dialect {
  return connection.options.type === 'postgres' ? postgres : sqlite;
}
