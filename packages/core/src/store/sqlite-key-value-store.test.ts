import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { Store } from '../ports/store.js';
import { SqliteStore } from './sqlite-store.js';
import { TABLES } from './tables/table-names.js';
import { loadSqliteDriver } from './sqlite/sqlite-driver.js';

let folder: string;
let files = 0;
const paths = new WeakMap<Store, string>();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'taskloom-entries-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function openAt(path: string): Promise<SqliteStore> {
  const store = new SqliteStore({ path, synchronous: 'NORMAL' });
  await store.open();
  paths.set(store, path);
  return store;
}
const openNew = (): Promise<SqliteStore> => openAt(join(folder, `entries-${(files += 1)}.db`));

describe('SQLite entries', () => {
  const address = { tenant: 'default', scope: 'shared/a', key: 'k' };

  it('are written before the store closes, also those nobody has waited for', async () => {
    const store = await openNew();
    const writing = store.entries.put(address, { value: '1', expiresAt: null }, 0);
    await store.close();
    const version = await writing;
    const opened = await openAt(paths.get(store)!);

    expect(await opened.entries.get(address, 0)).toMatchObject({ version });
    await opened.close();
  });

  it('are refused, and nothing of them stored, where the database cannot be written', async () => {
    const store = await openNew();
    const Driver = await loadSqliteDriver();
    const other = new Driver(paths.get(store)!);
    other.exec(`CREATE TRIGGER refuse BEFORE INSERT ON ${TABLES.keyValue} WHEN NEW.key = 'bad' BEGIN SELECT RAISE(ABORT, 'no'); END`);
    other.close();
    const results = await Promise.allSettled(
      ['a', 'bad', 'b'].map((key) => store.entries.put({ ...address, key }, { value: '1', expiresAt: null }, 0)),
    );

    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await store.entries.get({ ...address, key: 'a' }, 0)).toBeNull();
    expect(await store.entries.put({ ...address, key: 'a' }, { value: '1', expiresAt: null }, 0)).toBeGreaterThan(0);
    await store.close();
  });
});
