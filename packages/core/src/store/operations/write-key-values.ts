import { byteLength } from '../../kernel/json.js';
import { ABSENT, type EntryAddress, type EntryBound, type NewEntry } from '../../ports/key-value-store.js';
import { change, row, rows, write, type Operation } from '../sql/operation.js';
import { deleteFrom, statement, updateOf } from '../sql/statement.js';
import { keyValueTable } from '../tables/key-value.table.js';
import { TABLES } from '../tables/table-names.js';

interface EntryRow {
  readonly version: number;
  readonly bytes: number;
  readonly expires_at: number | null;
}

/** What the first level of a scope holds. */
interface Totals {
  entries: number;
  bytes: number;
}

/** Most uses remembered until they are written. */
const MAX_USES = 10_000;
/** Making room frees this part of the bound at once, so that not every write has to look for what is oldest. */
const SLACK = 0.1;

const IN_LEVEL = `tenant = ? AND (scope = ? OR (scope >= ? || '/' AND scope < ? || '0'))`;

export const ENTRY_WRITES = {
  find: statement('find-entry', `SELECT version, bytes, expires_at FROM ${TABLES.keyValue} WHERE tenant = ? AND scope = ? AND key = ?`, {
    locks: true,
  }),
  insert: statement(
    'insert-entry',
    `INSERT INTO ${TABLES.keyValue} (tenant, scope, key, value, bytes, expires_at, used_at) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING version`,
  ),
  totals: statement(
    'entry-totals',
    `SELECT COUNT(*) AS entries, CAST(COALESCE(SUM(bytes), 0) AS bigint) AS bytes FROM ${TABLES.keyValue} WHERE ${IN_LEVEL}`,
  ),
  oldest: statement(
    'oldest-entries',
    `SELECT version, bytes, expires_at FROM ${TABLES.keyValue} WHERE ${IN_LEVEL} AND version <> ? ORDER BY used_at, version LIMIT ?`,
  ),
  expired: statement(
    'expired-entries',
    `SELECT tenant, scope, key, version, bytes, expires_at FROM ${TABLES.keyValue} WHERE expires_at <= ? ORDER BY expires_at LIMIT ?`,
  ),
  removeBelow: statement('remove-entries-below', `DELETE FROM ${TABLES.keyValue} WHERE ${IN_LEVEL}`),
} as const;

export const ENTRY_ROWS = {
  use: updateOf('use-entry', keyValueTable, ['used_at'], ['version']),
  remove: deleteFrom('remove-entry', keyValueTable, ['version']),
} as const;

/** Writes entries, inside a transaction of its caller. */
export class KeyValueWriter {
  /** By tenant and first level of the scope; only those that are bounded. */
  private readonly totals = new Map<string, Totals>();
  /** When entries were last used, by version. Written when something has to make room: no use costs a write of its own. */
  private readonly uses = new Map<number, number>();

  /** Takes note that an entry was read. */
  used(version: number, now: number): void {
    this.uses.delete(version);
    this.uses.set(version, now);
    if (this.uses.size > MAX_USES) this.uses.delete(this.uses.keys().next().value!);
  }

  /** What is counted is read again: a transaction was undone, or somebody else may have written. */
  forgetTotals(): void {
    this.totals.clear();
  }

  /** @returns the new version, `ABSENT` where the entry alone is larger than its bound */
  *put(address: EntryAddress, entry: NewEntry, now: number): Operation<number> {
    const current = yield* this.find(address);
    if (current) yield* this.remove(address, current);
    return yield* this.insert(address, entry, now);
  }

  *compareAndSet(address: EntryAddress, version: number, entry: NewEntry, now: number): Operation<number | null> {
    const current = yield* this.find(address);
    if ((current && isLive(current, now) ? current.version : ABSENT) !== version) return null;
    if (current) yield* this.remove(address, current);
    return yield* this.insert(address, entry, now);
  }

  *delete(address: EntryAddress, now: number, version: number | undefined): Operation<boolean> {
    const current = yield* this.find(address);
    if (!current || !isLive(current, now) || (version !== undefined && current.version !== version)) return false;
    yield* this.remove(address, current);
    return true;
  }

  *deleteScope(tenant: string, scope: string): Operation<number> {
    this.totals.clear();
    return yield* change(ENTRY_WRITES.removeBelow, tenant, scope, scope, scope);
  }

  *deleteExpired(now: number, limit: number): Operation<number> {
    const expired = yield* rows<EntryRow & EntryAddress>(ENTRY_WRITES.expired, now, limit);
    for (const entry of expired) this.count(entry, -1, -entry.bytes);
    return yield* removeAll(expired);
  }

  private *find({ tenant, scope, key }: EntryAddress): Operation<EntryRow | undefined> {
    return yield* row<EntryRow>(ENTRY_WRITES.find, tenant, scope, key);
  }

  private *insert(address: EntryAddress, { value, expiresAt, bound }: NewEntry, now: number): Operation<number> {
    const { tenant, scope, key } = address;
    const bytes = byteLength(key) + byteLength(value);
    if (bound && (bytes > bound.bytes || bound.entries < 1)) return ABSENT;
    const inserted = yield* row<{ version: number }>(ENTRY_WRITES.insert, tenant, scope, key, value, bytes, expiresAt, now);
    const { version } = inserted!;
    this.count(address, 1, bytes);
    if (bound) yield* this.makeRoom(address, bound, version);
    return version;
  }

  private *remove(address: EntryAddress, entry: EntryRow): Operation<void> {
    yield* removeAll([entry]);
    this.count(address, -1, -entry.bytes);
  }

  private count(address: EntryAddress, entries: number, bytes: number): void {
    const totals = this.totals.get(levelKey(address));
    if (!totals) return;
    totals.entries += entries;
    totals.bytes += bytes;
  }

  private *makeRoom(address: EntryAddress, bound: EntryBound, newest: number): Operation<void> {
    const { tenant } = address;
    const level = levelOf(address.scope);
    let totals = this.totals.get(levelKey(address));
    if (!totals) {
      totals = (yield* row<Totals>(ENTRY_WRITES.totals, tenant, level, level, level))!;
      this.totals.set(levelKey(address), totals);
    }
    if (totals.entries <= bound.entries && totals.bytes <= bound.bytes) return;

    yield* write(
      ENTRY_ROWS.use,
      Array.from(this.uses, ([version, usedAt]) => [usedAt, version]),
    );
    this.uses.clear();
    const entries = bound.entries - Math.floor(bound.entries * SLACK);
    const bytes = bound.bytes - Math.floor(bound.bytes * SLACK);
    const given: EntryRow[] = [];
    for (const oldest of yield* rows<EntryRow>(ENTRY_WRITES.oldest, tenant, level, level, level, newest, totals.entries)) {
      if (totals.entries <= entries && totals.bytes <= bytes) break;
      this.count(address, -1, -oldest.bytes);
      given.push(oldest);
    }
    yield* removeAll(given);
  }
}

function* removeAll(entries: readonly EntryRow[]): Operation<number> {
  return yield* write(
    ENTRY_ROWS.remove,
    entries.map(({ version }) => [version]),
  );
}

function isLive({ expires_at: expiresAt }: EntryRow, now: number): boolean {
  return expiresAt === null || expiresAt > now;
}

function levelOf(scope: string): string {
  return scope.split('/', 1)[0]!;
}

function levelKey({ tenant, scope }: EntryAddress): string {
  return `${tenant}\n${levelOf(scope)}`;
}
