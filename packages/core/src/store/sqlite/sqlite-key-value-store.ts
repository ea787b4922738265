import type { EntryAddress, KeyValueStore, NewEntry, StoredEntry } from '../../ports/key-value-store.js';
import { KeyValueReader } from '../operations/read-key-values.js';
import { KeyValueWriter } from '../operations/write-key-values.js';
import type { SqliteDatabase } from './sqlite-driver.js';
import type { WriteLane } from './write-lane.js';

interface PendingWrite {
  readonly act: () => unknown;
  readonly resolve: (result: never) => void;
  readonly reject: (error: unknown) => void;
}

const MAX_WRITES = 256;
/** Expired entries that a transaction takes away beside its own work. */
const SWEEP = 20;

/** Entries in the store's own database. What is written in one turn of the event loop shares a transaction. */
export class SqliteKeyValueStore implements KeyValueStore {
  private readonly writer: KeyValueWriter;
  private readonly reader: KeyValueReader;
  private readonly pending: PendingWrite[] = [];
  private latest = 0;
  private isScheduled = false;

  constructor(
    private readonly lane: WriteLane,
    writing: SqliteDatabase,
    reading: SqliteDatabase,
  ) {
    this.writer = new KeyValueWriter(writing);
    this.reader = new KeyValueReader(reading);
  }

  async get(address: EntryAddress, now: number): Promise<StoredEntry | null> {
    const entry = this.reader.get(address, now);
    if (entry) this.writer.used(entry.version, now);
    return entry;
  }

  put(address: EntryAddress, entry: NewEntry, now: number): Promise<number> {
    return this.write(now, () => this.writer.put(address, entry, now));
  }

  compareAndSet(address: EntryAddress, version: number, entry: NewEntry, now: number): Promise<number | null> {
    return this.write(now, () => this.writer.compareAndSet(address, version, entry, now));
  }

  delete(address: EntryAddress, now: number, version?: number): Promise<boolean> {
    return this.write(now, () => this.writer.delete(address, now, version));
  }

  deleteScope(tenant: string, scope: string): Promise<number> {
    return this.write(this.latest, () => this.writer.deleteScope(tenant, scope));
  }

  async countBelow(tenant: string, scope: string, now: number): Promise<ReadonlyMap<string, number>> {
    return this.reader.countBelow(tenant, scope, now);
  }

  deleteExpired(now: number, limit: number): Promise<number> {
    return this.write(this.latest, () => this.writer.deleteExpired(now, limit));
  }

  /** Writes what still waits. Called before the database is closed. */
  flush(): void {
    while (this.pending.length > 0) this.writeBatch();
  }

  private write<T>(now: number, act: () => T): Promise<T> {
    this.latest = now;
    return new Promise<T>((resolve, reject) => {
      this.pending.push({ act, resolve, reject });
      if (this.isScheduled) return;
      this.isScheduled = true;
      setImmediate(() => this.writeInTurns());
    });
  }

  /** One transaction a turn of the event loop. */
  private writeInTurns(): void {
    this.writeBatch();
    this.isScheduled = this.pending.length > 0;
    if (this.isScheduled) setImmediate(() => this.writeInTurns());
  }

  private writeBatch(): void {
    const batch = this.pending.splice(0, MAX_WRITES);
    if (batch.length === 0) return;
    try {
      const results = this.lane.transact(() => {
        const done = batch.map(({ act }) => act());
        this.writer.deleteExpired(this.latest, SWEEP);
        return done;
      });
      batch.forEach(({ resolve }, index) => resolve(results[index] as never));
    } catch (error) {
      this.writer.forgetTotals();
      for (const { reject } of batch) reject(error);
    }
  }
}
