import { TaskloomError } from '../../errors/taskloom-error.js';
import type { SqliteHandle, SqliteDriver } from './sqlite-driver.js';

/**
 * Makes one process the only user of a database: a small database beside it on which an exclusive transaction stays open.
 * The operating system frees it when the process dies, however it dies. (`locking_mode=EXCLUSIVE` on the database itself
 * would also shut out the store's own read connection.)
 */
export class ProcessLock {
  private constructor(private readonly database: SqliteHandle) {}

  /** @throws TaskloomError `SQLITE_SINGLE_PROCESS` when another process holds it */
  static acquire(driver: SqliteDriver, databasePath: string): ProcessLock {
    const database = new driver(`${databasePath}.lock`, { timeout: 0 });
    try {
      database.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      database.close();
      if ((error as { code?: string }).code?.startsWith('SQLITE_BUSY')) {
        throw new TaskloomError('SQLITE_SINGLE_PROCESS', `Another process is using the database ${databasePath}.`, {
          details: { path: databasePath },
        });
      }
      throw error;
    }
    return new ProcessLock(database);
  }

  release(): void {
    this.database.close();
  }
}
