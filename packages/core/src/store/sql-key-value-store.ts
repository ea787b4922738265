import type { EntryAddress, KeyValueStore, NewEntry, StoredEntry } from '../ports/key-value-store.js';
import { countEntriesBelow, readEntry } from './operations/read-key-values.js';
import { KeyValueWriter } from './operations/write-key-values.js';
import type { Database } from './sql/database.js';
import type { Operation } from './sql/operation.js';

interface PendingWrite {
  readonly act: () => Operation<unknown>;
  readonly resolve: (result: never) => void;
  readonly reject: (error: unknown) => void;
}

const MAX_WRITES = 256;
/** Expired entries that a transaction takes away beside its own work. */
const SWEEP = 20;

/** Entries in the store's own database. What is written in one turn of the event loop shares a transaction. */
export class SqlKeyValueStore implements KeyValueStore {
  private readonly writer = new KeyValueWriter();
  private readonly pending: PendingWrite[] = [];
  private latest = 0;
  private writing: Promise<void> | null = null;

  constructor(private readonly database: Database) {}

  async get(address: EntryAddress, now: number): Promise<StoredEntry | null> {
    const entry = await this.database.forAttempts.read(() => readEntry(address, now));
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

  countBelow(tenant: string, scope: string, now: number): Promise<ReadonlyMap<string, number>> {
    return this.database.forAttempts.read(() => countEntriesBelow(tenant, scope, now));
  }

  deleteExpired(now: number, limit: number): Promise<number> {
    return this.write(this.latest, () => this.writer.deleteExpired(now, limit));
  }

  /** Writes what still waits. Called before the database is closed. */
  async flush(): Promise<void> {
    while (this.pending.length > 0 || this.writing) await (this.writing ?? this.writeBatch());
  }

  private write<T>(now: number, act: () => Operation<T>): Promise<T> {
    this.latest = now;
    return new Promise<T>((resolve, reject) => {
      this.pending.push({ act, resolve, reject });
      if (this.pending.length === 1 && !this.writing) setImmediate(() => this.writeInTurns());
    });
  }

  /** One transaction at a time, and one a turn of the event loop. */
  private writeInTurns(): void {
    if (this.writing || this.pending.length === 0) return;
    this.writing = this.writeBatch().finally(() => {
      this.writing = null;
      if (this.pending.length > 0) setImmediate(() => this.writeInTurns());
    });
  }

  private async writeBatch(): Promise<void> {
    const batch = this.pending.splice(0, MAX_WRITES);
    try {
      const results = await this.database.transact(() => this.inOneTransaction(batch));
      batch.forEach(({ resolve }, index) => resolve(results[index] as never));
    } catch (error) {
      this.writer.forgetTotals();
      for (const { reject } of batch) reject(error);
    }
  }

  private *inOneTransaction(batch: readonly PendingWrite[]): Operation<unknown[]> {
    if (this.database.isShared) this.writer.forgetTotals();
    const done: unknown[] = [];
    for (const { act } of batch) done.push(yield* act());
    yield* this.writer.deleteExpired(this.latest, SWEEP);
    return done;
  }
}
