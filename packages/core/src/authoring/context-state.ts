import type { Duration } from '../kernel/duration.js';
import type { Json } from '../kernel/json.js';

export interface KeepOptions {
  /** How long the value is kept. Default: no end of its own. */
  readonly ttl?: Duration;
}

/**
 * One scope of `ctx.cache`. What is in it may be gone at any time: values that were used longest ago make room for others
 * (`cache` of the engine). Keys are texts of 1 to 500 characters, values are JSON.
 */
export interface CacheScope {
  /** `undefined` where there is no value, or none any more. The type is the caller's word: it is not checked. */
  get<T extends Json = Json>(key: string): Promise<T | undefined>;
  /** Resolves when the value is durable. @throws TaskloomError `ENTRY_INVALID`, `OUTPUT_NOT_JSON`, `OUTPUT_TOO_LARGE` */
  set(key: string, value: Json, options?: KeepOptions): Promise<void>;
  /** Resolves to whether there was a value. */
  delete(key: string): Promise<boolean>;
}

/** Values that agents keep for later, by who can see them. */
export interface TaskCache {
  /** Seen by this task alone, in all its attempts and generations. */
  readonly task: CacheScope;
  /** Seen by every task of the job. */
  readonly job: CacheScope;
  /** Seen by every task of every job. */
  readonly global: CacheScope;
}

export interface SharedEntry<T extends Json = Json> {
  readonly value: T;
  /** Grows with every write and is never given twice. */
  readonly version: number;
  /** Milliseconds since the epoch; `null`: never. */
  readonly expiresAt: number | null;
}

/**
 * State that tasks share, also across jobs. It stays until it is deleted or its time is over. Keys are texts of 1 to 500
 * characters, values are JSON.
 */
export interface SharedState {
  /** `null` where there is none. The type is the caller's word: it is not checked. */
  get<T extends Json = Json>(key: string): Promise<SharedEntry<T> | null>;
  /** Writes whatever is there. Resolves to the new version. @throws TaskloomError `ENTRY_INVALID`, `OUTPUT_NOT_JSON`, `OUTPUT_TOO_LARGE` */
  put(key: string, value: Json, options?: KeepOptions): Promise<number>;
  /**
   * Writes only where the entry still has the version that was read; 0 stands for an entry that does not exist. Resolves to
   * the new version, or to `null` where somebody else was faster: read again and decide anew.
   */
  compareAndSet(key: string, version: number, value: Json, options?: KeepOptions): Promise<number | null>;
  /** Deletes the entry, with a version only in that one. Resolves to whether it did. */
  delete(key: string, options?: { readonly version?: number }): Promise<boolean>;
}
