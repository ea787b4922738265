import pg, { Client } from 'pg';

import { PostgresStore, type ParsedPostgresOptions } from '../../src/store/postgres-store.js';
import { ClientSession } from '../../src/store/postgres/client-session.js';
import { Connector } from '../../src/store/postgres/connect.js';
import { TABLES } from '../../src/store/tables/table-names.js';
import type { Store, StoredJob } from '../../src/ports/store.js';
import type { StoreUnderTest } from '../../src/store-contract.js';
import { audit, jobsIn, type AuditReport, type Evidence } from './audit.js';
import type { PostgresServer } from './postgres-server.js';

let schemas = 0;

/** A name that no other test of this run has. */
export function newSchema(): string {
  return `test_${process.pid}_${(schemas += 1)}`;
}

export type PostgresTestOptions = Partial<Omit<ParsedPostgresOptions, 'type'>>;

/** What a store in a schema of its own is opened with. */
export function postgresOptions(server: PostgresServer): ParsedPostgresOptions {
  return { type: 'postgres', url: server.url, schema: newSchema(), connections: 6, leaseMs: 30_000, statementTimeoutMs: 20_000 };
}

/** A store in a schema of its own, not open. */
export function postgresStore(server: PostgresServer, options: PostgresTestOptions = {}): PostgresStore {
  return new PostgresStore({ ...postgresOptions(server), ...options });
}

/** Runs a statement as an administrator would, beside every store. */
export async function administer<Row extends object>(server: PostgresServer, text: string, values: unknown[] = []): Promise<Row[]> {
  const client = new Client({ connectionString: server.url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** What a schema holds, at one moment and beside whoever uses it. */
async function openSchema(server: PostgresServer, schema: string): Promise<Evidence> {
  const client = new Connector(pg, { url: server.url, schema, statementTimeoutMs: 60_000 }).client();
  await client.connect();
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  return { name: schema, session: new ClientSession(client), damages: [], close: () => client.end() };
}

/** Audits a schema. @throws Error with every violation */
export async function auditSchema(server: PostgresServer, schema: string): Promise<AuditReport> {
  const evidence = await openSchema(server, schema);
  try {
    return await audit(evidence);
  } finally {
    await evidence.close();
  }
}

/** Audits a schema and gives its jobs; none where it is not made yet. */
export async function readSchema(server: PostgresServer, schema: string): Promise<readonly StoredJob[]> {
  const tables = await administer(server, `SELECT 1 FROM pg_tables WHERE schemaname = $1 AND tablename = 'taskloom_job'`, [schema]);
  if (tables.length === 0) return [];
  const evidence = await openSchema(server, schema);
  try {
    await audit(evidence);
    return await jobsIn(evidence);
  } finally {
    await evidence.close();
  }
}

const { migrations: _migrations, ...DATA } = TABLES;
const TABLES_TO_EMPTY = Object.values(DATA);

/** Empties a schema; to make one takes much longer. */
export async function emptySchema(server: PostgresServer, schema: string): Promise<void> {
  await administer(server, `TRUNCATE ${TABLES_TO_EMPTY.map((table) => `${schema}.${table}`).join(', ')}`);
}

/** What the contract suite asks for. Schemas are emptied and used again: to make one takes much longer. */
export function postgresUnderTest(server: () => PostgresServer): StoreUnderTest {
  const schemaOf = new WeakMap<Store, string>();
  const unused: string[] = [];
  const openAt = async (schema: string): Promise<Store> => {
    const store = postgresStore(server(), { schema });
    await store.open();
    schemaOf.set(store, schema);
    return store;
  };
  return {
    async open() {
      const schema = unused.pop();
      if (schema === undefined) return openAt(newSchema());
      await emptySchema(server(), schema);
      return openAt(schema);
    },
    async reopen(store) {
      await store.close();
      return openAt(schemaOf.get(store)!);
    },
    openBeside: (store) => openAt(schemaOf.get(store)!),
    async close(store) {
      await store.close();
      unused.push(schemaOf.get(store)!);
    },
    async rowsOf(store) {
      const counts: Record<string, number> = {};
      for (const table of TABLES_TO_EMPTY) {
        const [found] = await administer<{ count: string }>(server(), `SELECT count(*) FROM ${schemaOf.get(store)!}.${table}`);
        if (Number(found!.count) > 0) counts[table] = Number(found!.count);
      }
      return counts;
    },
  };
}
