import { TaskloomError } from '../../errors/taskloom-error.js';
import { runInSlices } from '../../kernel/slices.js';
import type { Steps } from '../../kernel/steps.js';
import { Turns } from '../../kernel/turns.js';
import type { SqliteHandle, SqliteStatement } from './sqlite-driver.js';

/**
 * The one way to write: transactions have the connection one after another, in the order in which they were asked for, so
 * that no write of anybody else is ever part of one, or rolled back with it. A long one lets the event loop turn in between.
 */
export class WriteLane {
  private readonly begin: SqliteStatement;
  private readonly commit: SqliteStatement;
  private readonly turns = new Turns();

  constructor(private readonly database: SqliteHandle) {
    this.begin = database.prepare('BEGIN IMMEDIATE');
    this.commit = database.prepare('COMMIT');
  }

  /** Does what `begin` begins in one transaction: all of it is durable when this resolves, or none of it when it rejects. */
  transact<T>(begin: () => Steps<T>): Promise<T> {
    return this.turns.take(() => this.inTransaction(begin));
  }

  /** Resolves when nothing is under way. */
  settled(): Promise<void> {
    return this.turns.settled();
  }

  private async inTransaction<T>(begin: () => Steps<T>): Promise<T> {
    try {
      this.begin.run();
    } catch (error) {
      throw storeError(error);
    }
    try {
      const result = await runInSlices(begin());
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
