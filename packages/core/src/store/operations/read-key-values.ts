import type { EntryAddress, StoredEntry } from '../../ports/key-value-store.js';
import type { SqliteDatabase, SqliteStatement } from '../sqlite/sqlite-driver.js';
import { TABLES } from '../tables/table-names.js';

/** Reads entries that are committed and have not expired. */
export class KeyValueReader {
  private readonly selectEntry: SqliteStatement;
  private readonly selectCounts: SqliteStatement;

  constructor(database: SqliteDatabase) {
    const isLive = '(expires_at IS NULL OR expires_at > ?)';
    this.selectEntry = database.prepare(
      `SELECT value, version, expires_at AS expiresAt FROM ${TABLES.keyValue} WHERE tenant = ? AND scope = ? AND key = ? AND ${isLive}`,
    );
    this.selectCounts = database.prepare(
      `SELECT scope, COUNT(*) AS entries FROM ${TABLES.keyValue} WHERE tenant = ? AND scope >= ? || '/' AND scope < ? || '0' AND ${isLive} GROUP BY scope`,
    );
  }

  get({ tenant, scope, key }: EntryAddress, now: number): StoredEntry | null {
    return (this.selectEntry.get(tenant, scope, key, now) as StoredEntry | undefined) ?? null;
  }

  countBelow(tenant: string, scope: string, now: number): Map<string, number> {
    const rows = this.selectCounts.all(tenant, scope, scope, now) as { scope: string; entries: number }[];
    return new Map(rows.map((row) => [row.scope, row.entries]));
  }
}
