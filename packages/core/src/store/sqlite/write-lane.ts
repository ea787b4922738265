import { TaskloomError } from '../../errors/taskloom-error.js';
import type { SqliteHandle, SqliteStatement } from './sqlite-driver.js';

/**
 * The one way to write. A transaction is a synchronous function: nothing can come between its begin and its commit, so
 * that no write of anybody else is ever part of it, or rolled back with it.
 */
export class WriteLane {
  private readonly begin: SqliteStatement;
  private readonly commit: SqliteStatement;

  constructor(private readonly database: SqliteHandle) {
    this.begin = database.prepare('BEGIN IMMEDIATE');
    this.commit = database.prepare('COMMIT');
  }

  /** Runs `act` in one transaction: all of it is durable when this returns, or none of it when it throws. */
  transact<T>(act: (database: SqliteHandle) => T): T {
    try {
      this.begin.run();
    } catch (error) {
      throw storeError(error);
    }
    try {
      const result = act(this.database);
      this.commit.run();
      return result;
    } catch (error) {
      this.rollBack();
      throw isSqliteError(error) ? storeError(error) : error;
    }
  }

  private rollBack(): void {
    try {
      this.database.exec('ROLLBACK');
    } catch {
      // SQLite has rolled back by itself (disk full, I/O error): there is nothing left to undo.
    }
  }
}

function isSqliteError(error: unknown): error is Error & { code: string } {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && code.startsWith('SQLITE_');
}

/** What no waiting and no repeating will cure: the statement or its values are wrong. */
const OURS = /^SQLITE_(?:CONSTRAINT|MISMATCH|TOOBIG|RANGE|MISUSE|ERROR)/;

function storeError(error: unknown): TaskloomError {
  const { code = 'SQLITE_ERROR', message } = error as { code?: string; message: string };
  return new TaskloomError(OURS.test(code) ? 'INTERNAL' : 'STORE_UNAVAILABLE', `SQLite could not write: ${message} (${code}).`, {
    cause: error,
    details: { sqlite: code },
  });
}
