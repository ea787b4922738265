import { PostgresStore, type PostgresStoreOptions } from '../../src/store/postgres-store.js';
import type { Store } from '../../src/ports/store.js';
import type { PostgresServer } from './postgres-server.js';

let schemas = 0;

/** A name that no other test of this run has. */
export function newSchema(): string {
  return `test_${process.pid}_${(schemas += 1)}`;
}

export function postgresStore(server: PostgresServer, options: Partial<PostgresStoreOptions> = {}): PostgresStore {
  return new PostgresStore({
    url: server.url,
    schema: newSchema(),
    connections: 6,
    leaseMs: 30_000,
    statementTimeoutMs: 20_000,
    ...options,
  });
}

const schemaOf = new WeakMap<Store, string>();

/** What the contract suites ask for. */
export function postgresUnderTest(server: () => PostgresServer): {
  open(): Promise<Store>;
  reopen(store: Store): Promise<Store>;
  close(store: Store): Promise<void>;
} {
  const openAt = async (schema: string): Promise<Store> => {
    const store = postgresStore(server(), { schema });
    await store.open();
    schemaOf.set(store, schema);
    return store;
  };
  return {
    open: () => openAt(newSchema()),
    async reopen(store) {
      await store.close();
      return openAt(schemaOf.get(store)!);
    },
    close: (store) => store.close(),
  };
}
