import { dirname } from 'node:path';

import { DataSource } from 'typeorm';

import { foldText } from '../codec/fold-text.js';
import { FOLD } from '../dialect/sqlite.js';
import { MIGRATIONS } from '../migrations/index.js';
import { refuseNewer } from '../migrations/refuse-newer.js';
import { TABLES } from '../tables/table-names.js';
import { layOutLog } from './lay-out-log.js';
import { freeBytes, logLength, mayLayOut } from './log-length.js';
import type { SqliteHandle, SqliteDriver } from './sqlite-driver.js';

export type Synchronous = 'FULL' | 'NORMAL';

/** A connection of our own: TypeORM for the schema and composed reads, the driver's handle for hot statements. */
export interface OpenDatabase {
  readonly dataSource: DataSource;
  readonly handle: SqliteHandle;
}

/** Opens the connection that writes, and brings the schema up to date. @throws TaskloomError `SCHEMA_NEWER` */
export async function openWriter(
  driver: SqliteDriver,
  path: string,
  synchronous: Synchronous,
  roomBytes = freeBytes(dirname(path)),
): Promise<OpenDatabase> {
  const pages = logLength(roomBytes);
  const dataSource = new DataSource({
    type: 'better-sqlite3',
    database: path,
    driver,
    migrations: MIGRATIONS,
    migrationsTableName: TABLES.migrations,
    migrationsTransactionMode: 'all',
    synchronize: false,
    logging: false,
    prepareDatabase: (database: unknown) => {
      const handle = database as SqliteHandle;
      handle.pragma('journal_mode = WAL');
      handle.pragma(`synchronous = ${synchronous}`);
      handle.pragma('foreign_keys = ON');
      handle.pragma(`wal_autocheckpoint = ${pages}`);
      handle.pragma('cache_size = -16384');
    },
  });
  await dataSource.initialize();
  const handle = handleOf(dataSource);
  try {
    refuseNewerSchema(handle);
    await dataSource.runMigrations();
    if (synchronous === 'FULL' && mayLayOut(pages)) layOutLog(handle, pages);
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
  return { dataSource, handle };
}

/** Opens a second connection that sees committed data only. */
export async function openReader(driver: SqliteDriver, path: string): Promise<OpenDatabase> {
  const dataSource = new DataSource({ type: 'better-sqlite3', database: path, driver, readonly: true, synchronize: false, logging: false });
  await dataSource.initialize();
  const handle = handleOf(dataSource);
  handle.pragma('cache_size = -16384');
  handle.function(FOLD, { deterministic: true }, (text) => (typeof text === 'string' ? foldText(text) : null));
  return { dataSource, handle };
}

function handleOf(dataSource: DataSource): SqliteHandle {
  return (dataSource.driver as unknown as { databaseConnection: SqliteHandle }).databaseConnection;
}

function refuseNewerSchema(handle: SqliteHandle): void {
  const hasTable = handle.prepare(`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?`).get(TABLES.migrations);
  if (!hasTable) return;
  const applied = handle.prepare(`SELECT name FROM ${TABLES.migrations}`).all() as { name: string }[];
  refuseNewer(applied.map(({ name }) => name));
}
