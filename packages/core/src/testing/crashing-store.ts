import { sharedStore, type SharedStore, type Store } from '../ports/store.js';
import { PostgresStore } from '../store/postgres-store.js';
import { SqliteStore } from '../store/sqlite-store.js';
import { completeStoreOptions } from './complete-store-options.js';
import { Crash, type CrashOptions } from './crash.js';

/**
 * The real store of a process that dies at its n-th write: nothing is answered from then on, and another engine can open the
 * file. On PostgreSQL its lease is given back, so that the other one need not wait until that has run out. Use it with a
 * virtual clock, so that the dead engine's timers never fire.
 */
export interface CrashingStore extends Store {
  /** Writes that were asked for. */
  readonly count: number;
  /** Resolves when the process has died. */
  readonly crashed: Promise<void>;
}

/** A store with other ways to write and to close; everything else stays as it is. */
function crashingStore({ crashAt, when, ...given }: CrashOptions): CrashingStore {
  const options = completeStoreOptions(given);
  const store: Store = options.type === 'postgres' ? new PostgresStore(options) : new SqliteStore(options);
  const crash = new Crash({ crashAt, ...(when === undefined ? undefined : { when }) });
  const close = store.close.bind(store);
  const commit = store.commit.bind(store);
  const shared = sharedStore(store);
  const commitHeld = shared?.commitHeld.bind(shared);
  const dying: Partial<SharedStore> = {
    commit: (writes) => crash.write(() => commit(writes), close),
    ...(commitHeld && { commitHeld: (...held) => crash.write(() => commitHeld(...held), close) }),
    close: async () => (crash.isDead ? undefined : close()),
  };
  return Object.defineProperties(Object.assign(store, dying), {
    count: { get: () => crash.count },
    crashed: { value: crash.crashed },
  }) as CrashingStore;
}

/** Its type says what a store is and no more: what it is made of must not reach those who read our declarations. */
export const CrashingStore = function (options: CrashOptions): CrashingStore {
  return crashingStore(options);
} as unknown as new (options: CrashOptions) => CrashingStore;
