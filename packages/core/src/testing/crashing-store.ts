import type { JobEvent } from '../model/event.js';
import type { JobWrite, Store } from '../ports/store.js';
import { PostgresStore, type ParsedPostgresOptions } from '../store/postgres-store.js';
import { SqliteStore, type SqliteStoreOptions } from '../store/sqlite-store.js';
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

class CrashingSqliteStore extends SqliteStore implements CrashingStore {
  constructor(
    options: SqliteStoreOptions,
    private readonly crash: Crash,
  ) {
    super(options);
  }

  get count(): number {
    return this.crash.count;
  }

  get crashed(): Promise<void> {
    return this.crash.crashed;
  }

  override async commit(writes: readonly JobWrite[]): Promise<void> {
    await this.crash.write(
      () => super.commit(writes),
      () => super.close(),
    );
  }

  override async close(): Promise<void> {
    if (!this.crash.isDead) await super.close();
  }
}

class CrashingPostgresStore extends PostgresStore implements CrashingStore {
  constructor(
    options: ParsedPostgresOptions,
    private readonly crash: Crash,
  ) {
    super(options);
  }

  get count(): number {
    return this.crash.count;
  }

  get crashed(): Promise<void> {
    return this.crash.crashed;
  }

  override async commit(writes: readonly JobWrite[]): Promise<void> {
    await this.crash.write(
      () => super.commit(writes),
      () => super.close(),
    );
  }

  override async commitHeld(jobId: string, afterSeq: number, decide: (since: readonly JobEvent[]) => JobWrite | null): Promise<void> {
    await this.crash.write(
      () => super.commitHeld(jobId, afterSeq, decide),
      () => super.close(),
    );
  }

  override async close(): Promise<void> {
    if (!this.crash.isDead) await super.close();
  }
}

function crashingStore({ crashAt, when, ...store }: CrashOptions): CrashingStore {
  const options = completeStoreOptions(store);
  const crash = new Crash({ crashAt, ...(when === undefined ? undefined : { when }) });
  return options.type === 'postgres' ? new CrashingPostgresStore(options, crash) : new CrashingSqliteStore(options, crash);
}

/** Its type says what a store is and no more: what it is made of must not reach those who read our declarations. */
export const CrashingStore: new (options: CrashOptions) => CrashingStore = new Proxy(class {} as new () => CrashingStore, {
  construct: (_, [options]: [CrashOptions]) => crashingStore(options),
});
