/** Where an entry is found. Scopes are levels separated by `/`; keys are free texts. */
export interface EntryAddress {
  readonly tenant: string;
  readonly scope: string;
  readonly key: string;
}

export interface StoredEntry {
  /** JSON text. */
  readonly value: string;
  /** Grows with every write; no two writes of a store have the same. */
  readonly version: number;
  /** Milliseconds since the epoch; `null`: never. */
  readonly expiresAt: number | null;
}

/** A value to be kept. */
export interface NewEntry {
  /** JSON text. */
  readonly value: string;
  readonly expiresAt: number | null;
  /** When it is more than this that is kept in the first level of its scope, what was used longest ago makes room. */
  readonly bound?: EntryBound;
}

export interface EntryBound {
  readonly entries: number;
  /** Of keys and values, as UTF-8. */
  readonly bytes: number;
}

/** The version of an entry that does not exist, for `compareAndSet`. */
export const ABSENT = 0;

/**
 * What is kept beside jobs: results of agents, caches, shared state. Its writes are durable when they are answered, and
 * have nothing to do with the log of any job. An entry that has expired at `now` does not exist.
 */
export interface KeyValueStore {
  get(address: EntryAddress, now: number): Promise<StoredEntry | null>;
  /** Writes whatever is there. Resolves to the new version. */
  put(address: EntryAddress, entry: NewEntry, now: number): Promise<number>;
  /** Writes only where the entry has the version ({@link ABSENT}: does not exist). Resolves to the new version, `null` where it has another. */
  compareAndSet(address: EntryAddress, version: number, entry: NewEntry, now: number): Promise<number | null>;
  /** Deletes an entry, if a version is given only in that one. Resolves to whether it was there. */
  delete(address: EntryAddress, now: number, version?: number): Promise<boolean>;
  /** Deletes everything in a scope and the scopes below it. Resolves to how many entries there were. */
  deleteScope(tenant: string, scope: string): Promise<number>;
  /** How many entries each scope directly or further below the given one has; scopes without any are left out. */
  countBelow(tenant: string, scope: string, now: number): Promise<ReadonlyMap<string, number>>;
  /** Deletes at most `limit` entries that have expired, the earliest first. Resolves to how many. */
  deleteExpired(now: number, limit: number): Promise<number>;
}
