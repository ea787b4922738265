import type { JobWrite, Store } from '../ports/store.js';
import { SqliteStore, type SqliteStoreOptions } from '../store/sqlite-store.js';

export interface CrashOptions extends SqliteStoreOptions {
  /** The write at which the process dies, from 1. */
  readonly crashAt: number;
  /** Whether that write is lost (`before`), or durable and never answered (`after`). Default `after`. */
  readonly when?: 'before' | 'after';
}

/**
 * The real store of a process that dies at its n-th write: nothing is answered from then on, and another engine can open the
 * file. Use it with a virtual clock, so that the dead engine's timers never fire.
 */
export interface CrashingStore extends Store {
  /** Writes that were asked for. */
  readonly count: number;
  /** Resolves when the process has died. */
  readonly crashed: Promise<void>;
}

class CrashingSqliteStore extends SqliteStore implements CrashingStore {
  private writes = 0;
  private dead = false;
  private tellCrashed: () => void = () => undefined;
  readonly crashed = new Promise<void>((resolve) => (this.tellCrashed = resolve));

  constructor(private readonly crash: CrashOptions) {
    const { crashAt: _at, when: _when, ...options } = crash;
    super(options);
  }

  get count(): number {
    return this.writes;
  }

  override async commit(writes: readonly JobWrite[]): Promise<void> {
    if (this.dead) return never();
    this.writes += 1;
    if (this.writes < this.crash.crashAt) return super.commit(writes);
    if (this.crash.when !== 'before') await super.commit(writes);
    this.dead = true;
    await super.close();
    this.tellCrashed();
    return never();
  }

  override async close(): Promise<void> {
    if (!this.dead) await super.close();
  }
}

/** Its type says what a store is and no more: what it is made of must not reach those who read our declarations. */
export const CrashingStore: new (options: CrashOptions) => CrashingStore = CrashingSqliteStore;

function never(): Promise<never> {
  return new Promise(() => undefined);
}
