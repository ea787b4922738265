import type { Client } from 'pg';
import { DataSource } from 'typeorm';

import { TaskloomError } from '../../errors/taskloom-error.js';
import { MIGRATIONS } from '../migrations/index.js';
import { refuseNewer } from '../migrations/refuse-newer.js';
import { TABLES } from '../tables/table-names.js';
import type { Connector } from './connect.js';

/** What migrations, and whatever else concerns a schema as a whole, are held apart by. */
const LOCK = 'SELECT pg_advisory_lock(hashtext($1))';

/**
 * Makes the schema and brings its tables up to date, one process at a time.
 *
 * @throws TaskloomError `SCHEMA_NEWER`; `STORE_UNAVAILABLE` where texts cannot be kept as they are
 */
export async function migrate(connector: Connector, schema: string): Promise<void> {
  const client = connector.client();
  await client.connect();
  try {
    await client.query(LOCK, [`taskloom ${schema}`]);
    await requireUnicode(client);
    if (!(await exists(client, 'pg_namespace', 'nspname', schema))) await client.query(`CREATE SCHEMA ${schema}`);
    await runMigrations(connector, client, schema);
  } finally {
    // The lock goes with the session.
    await client.end();
  }
}

async function runMigrations(connector: Connector, client: Client, schema: string): Promise<void> {
  const { rows: tables } = await client.query('SELECT 1 FROM pg_tables WHERE schemaname = $1 AND tablename = $2', [
    schema,
    TABLES.migrations,
  ]);
  if (tables.length > 0) {
    const { rows } = await client.query<{ name: string }>(`SELECT name FROM ${TABLES.migrations}`);
    refuseNewer(rows.map(({ name }) => name));
    if (rows.length === MIGRATIONS.length) return;
  }
  const { driver, extra } = connector.forTypeOrm(1);
  const dataSource = new DataSource({
    type: 'postgres',
    schema,
    driver,
    extra,
    migrations: MIGRATIONS,
    migrationsTableName: TABLES.migrations,
    migrationsTransactionMode: 'all',
    installExtensions: false,
    synchronize: false,
    logging: false,
  });
  await dataSource.initialize();
  try {
    await dataSource.runMigrations();
  } finally {
    await dataSource.destroy();
  }
}

async function exists(client: Client, table: string, column: string, value: string): Promise<boolean> {
  return (await client.query(`SELECT 1 FROM ${table} WHERE ${column} = $1`, [value])).rows.length > 0;
}

async function requireUnicode(client: Client): Promise<void> {
  const { rows } = await client.query<{ server_encoding: string }>('SHOW server_encoding');
  const encoding = rows[0]!.server_encoding;
  if (encoding !== 'UTF8')
    throw new TaskloomError('STORE_UNAVAILABLE', `The database keeps texts as ${encoding}; it must be UTF8.`, {
      remedy: "Make one with `CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0`.",
      details: { encoding },
    });
}
