import { mkdtempSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

import { isTaskloomError, TaskloomError } from '../errors/taskloom-error.js';
import { SqlStore } from './sql-store.js';
import { fileSystemType, requireLocalDisk } from './sqlite/local-disk.js';
import type { Synchronous } from './sqlite/open-database.js';
import { ProcessLock } from './sqlite/process-lock.js';
import type { SqliteDatabase } from './sqlite/sqlite-database.js';
import { loadSqliteDriver } from './sqlite/sqlite-driver.js';

export interface SqliteStoreOptions {
  readonly type?: 'sqlite';
  /** The database file; its folder is made when absent. `':memory:'` is a private file that is removed at `close`. */
  readonly path: string;
  /** `FULL` (default) keeps every acknowledged write through a power loss; `NORMAL` may lose the last ones then, never on the death of the process. */
  readonly synchronous?: Synchronous;
}

/**
 * State in one SQLite file, used by one process: one connection that writes, one transaction after another, and two that
 * read what is committed.
 */
export class SqliteStore extends SqlStore {
  private readonly path: string;
  private readonly temporaryFolder: string | null;

  constructor(private readonly options: SqliteStoreOptions) {
    super();
    this.temporaryFolder = options.path === ':memory:' ? mkdtempSync(join(tmpdir(), 'taskloom-')) : null;
    this.path = this.temporaryFolder === null ? resolve(options.path) : join(this.temporaryFolder, 'taskloom.db');
  }

  protected async openDatabase(): Promise<SqliteDatabase> {
    const driver = await loadSqliteDriver();
    // TypeORM is behind this import; who only defines agents never waits for it.
    const { SqliteDatabase } = await import('./sqlite/sqlite-database.js');
    let lock: ProcessLock | null = null;
    try {
      mkdirSync(dirname(this.path), { recursive: true });
      requireLocalDisk(this.path, this.fileSystemTypeOf(dirname(this.path)));
      lock = ProcessLock.acquire(driver, this.path);
      return await SqliteDatabase.open(driver, this.path, this.options.synchronous ?? 'FULL', lock);
    } catch (error) {
      lock?.release();
      if (isTaskloomError(error)) throw error;
      throw new TaskloomError('STORE_UNAVAILABLE', `The database ${this.path} cannot be opened: ${(error as Error).message}`, {
        cause: error,
        details: { path: this.path },
      });
    }
  }

  /** For tests, which have no network to share a disk over. */
  protected fileSystemTypeOf(folder: string): number {
    return fileSystemType(folder);
  }

  override async close(): Promise<void> {
    await super.close();
    if (this.temporaryFolder !== null) rmSync(this.temporaryFolder, { recursive: true, force: true });
  }
}
