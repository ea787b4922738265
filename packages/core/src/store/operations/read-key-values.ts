import type { EntryAddress, StoredEntry } from '../../ports/key-value-store.js';
import { row, rows, type Operation } from '../sql/operation.js';
import { statement } from '../sql/statement.js';
import { TABLES } from '../tables/table-names.js';

const IS_LIVE = '(expires_at IS NULL OR expires_at > ?)';

export const ENTRY_READS = {
  entry: statement(
    'entry',
    `SELECT value, version, expires_at FROM ${TABLES.keyValue} WHERE tenant = ? AND scope = ? AND key = ? AND ${IS_LIVE}`,
  ),
  counts: statement(
    'entry-counts',
    `SELECT scope, COUNT(*) AS entries FROM ${TABLES.keyValue} WHERE tenant = ? AND scope >= ? || '/' AND scope < ? || '0' AND ${IS_LIVE} GROUP BY scope`,
  ),
} as const;

/** An entry that is committed and has not expired. */
export function* readEntry({ tenant, scope, key }: EntryAddress, now: number): Operation<StoredEntry | null> {
  const found = yield* row<{ value: string; version: number; expires_at: number | null }>(ENTRY_READS.entry, tenant, scope, key, now);
  return found ? { value: found.value, version: found.version, expiresAt: found.expires_at } : null;
}

export function* countEntriesBelow(tenant: string, scope: string, now: number): Operation<Map<string, number>> {
  const found = yield* rows<{ scope: string; entries: number }>(ENTRY_READS.counts, tenant, scope, scope, now);
  return new Map(found.map((each) => [each.scope, each.entries]));
}
