import { byteLength } from '../../kernel/json.js';
import { ABSENT, type EntryAddress, type EntryBound, type NewEntry } from '../../ports/key-value-store.js';
import type { SqliteDatabase, SqliteStatement } from '../sqlite/sqlite-driver.js';
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

/** Writes entries, inside a transaction of the write lane. */
export class KeyValueWriter {
  private readonly selectEntry: SqliteStatement;
  private readonly deleteEntry: SqliteStatement;
  private readonly insertEntry: SqliteStatement;
  private readonly selectTotals: SqliteStatement;
  private readonly selectOldest: SqliteStatement;
  private readonly updateUse: SqliteStatement;
  private readonly selectExpired: SqliteStatement;
  private readonly deleteBelow: SqliteStatement;
  /** By tenant and first level of the scope; only those that are bounded. */
  private readonly totals = new Map<string, Totals>();
  /** When entries were last used, by version. Written when something has to make room: no use costs a write of its own. */
  private readonly uses = new Map<number, number>();

  constructor(database: SqliteDatabase) {
    const table = TABLES.keyValue;
    const inLevel = `tenant = ? AND (scope = ? OR (scope >= ? || '/' AND scope < ? || '0'))`;
    this.selectEntry = database.prepare(`SELECT version, bytes, expires_at FROM ${table} WHERE tenant = ? AND scope = ? AND key = ?`);
    this.deleteEntry = database.prepare(`DELETE FROM ${table} WHERE version = ?`);
    this.insertEntry = database.prepare(
      `INSERT INTO ${table} (tenant, scope, key, value, bytes, expires_at, used_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    );
    this.selectTotals = database.prepare(`SELECT COUNT(*) AS entries, COALESCE(SUM(bytes), 0) AS bytes FROM ${table} WHERE ${inLevel}`);
    this.selectOldest = database.prepare(
      `SELECT version, bytes, expires_at FROM ${table} WHERE ${inLevel} AND version <> ? ORDER BY used_at, version LIMIT ?`,
    );
    this.updateUse = database.prepare(`UPDATE ${table} SET used_at = ? WHERE version = ?`);
    this.selectExpired = database.prepare(
      `SELECT tenant, scope, key, version, bytes, expires_at FROM ${table} WHERE expires_at <= ? ORDER BY expires_at LIMIT ?`,
    );
    this.deleteBelow = database.prepare(`DELETE FROM ${table} WHERE ${inLevel}`);
  }

  /** Takes note that an entry was read. */
  used(version: number, now: number): void {
    this.uses.delete(version);
    this.uses.set(version, now);
    if (this.uses.size > MAX_USES) this.uses.delete(this.uses.keys().next().value!);
  }

  /** What is counted is read again: a transaction was undone. */
  forgetTotals(): void {
    this.totals.clear();
  }

  /** @returns the new version, `ABSENT` where the entry alone is larger than its bound */
  put(address: EntryAddress, entry: NewEntry, now: number): number {
    const current = this.find(address);
    if (current) this.remove(address, current);
    return this.insert(address, entry, now);
  }

  compareAndSet(address: EntryAddress, version: number, entry: NewEntry, now: number): number | null {
    const current = this.find(address);
    if ((current && isLive(current, now) ? current.version : ABSENT) !== version) return null;
    if (current) this.remove(address, current);
    return this.insert(address, entry, now);
  }

  delete(address: EntryAddress, now: number, version: number | undefined): boolean {
    const current = this.find(address);
    if (!current || !isLive(current, now) || (version !== undefined && current.version !== version)) return false;
    this.remove(address, current);
    return true;
  }

  deleteScope(tenant: string, scope: string): number {
    this.totals.clear();
    return this.deleteBelow.run(tenant, scope, scope, scope).changes;
  }

  deleteExpired(now: number, limit: number): number {
    const expired = this.selectExpired.all(now, limit) as (EntryRow & EntryAddress)[];
    for (const row of expired) this.remove(row, row);
    return expired.length;
  }

  private find({ tenant, scope, key }: EntryAddress): EntryRow | undefined {
    return this.selectEntry.get(tenant, scope, key) as EntryRow | undefined;
  }

  private insert(address: EntryAddress, { value, expiresAt, bound }: NewEntry, now: number): number {
    const { tenant, scope, key } = address;
    const bytes = byteLength(key) + byteLength(value);
    if (bound && (bytes > bound.bytes || bound.entries < 1)) return ABSENT;
    const version = Number(this.insertEntry.run(tenant, scope, key, value, bytes, expiresAt, now).lastInsertRowid);
    this.count(address, 1, bytes);
    if (bound) this.makeRoom(address, bound, version);
    return version;
  }

  private remove(address: EntryAddress, { version, bytes }: EntryRow): void {
    this.deleteEntry.run(version);
    this.count(address, -1, -bytes);
  }

  private count(address: EntryAddress, entries: number, bytes: number): void {
    const totals = this.totals.get(levelKey(address));
    if (!totals) return;
    totals.entries += entries;
    totals.bytes += bytes;
  }

  private makeRoom(address: EntryAddress, bound: EntryBound, newest: number): void {
    const { tenant } = address;
    const level = levelOf(address.scope);
    let totals = this.totals.get(levelKey(address));
    if (!totals) this.totals.set(levelKey(address), (totals = this.selectTotals.get(tenant, level, level, level) as Totals));
    if (totals.entries <= bound.entries && totals.bytes <= bound.bytes) return;

    for (const [version, usedAt] of this.uses) this.updateUse.run(usedAt, version);
    this.uses.clear();
    const entries = bound.entries - Math.floor(bound.entries * SLACK);
    const bytes = bound.bytes - Math.floor(bound.bytes * SLACK);
    for (const row of this.selectOldest.all(tenant, level, level, level, newest, totals.entries) as EntryRow[]) {
      if (totals.entries <= entries && totals.bytes <= bytes) return;
      this.remove(address, row);
    }
  }
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
