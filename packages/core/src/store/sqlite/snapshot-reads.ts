import { runInSlices } from '../../kernel/slices.js';
import { Turns } from '../../kernel/turns.js';
import type { Operation, Reads } from '../sql/operation.js';
import type { SqliteHandle, SqliteStatement } from './sqlite-driver.js';
import { SqliteSession } from './sqlite-session.js';

/**
 * Reads that see one moment, one after another on a connection of their own: while one of them is under way its connection
 * sees nothing newer. A long one lets the event loop turn in between.
 */
export class SnapshotReads implements Reads {
  private readonly session: SqliteSession;
  private readonly begin: SqliteStatement;
  private readonly end: SqliteStatement;
  private readonly turns = new Turns();

  constructor(private readonly database: SqliteHandle) {
    this.session = new SqliteSession(database);
    this.begin = database.prepare('BEGIN');
    this.end = database.prepare('COMMIT');
  }

  read<T>(begin: () => Operation<T>): Promise<T> {
    return this.turns.take(() => this.atOneMoment(begin));
  }

  /** Resolves when nothing is under way. */
  settled(): Promise<void> {
    return this.turns.settled();
  }

  private async atOneMoment<T>(begin: () => Operation<T>): Promise<T> {
    this.begin.run();
    try {
      const read = await runInSlices(this.session.steps(begin()));
      this.end.run();
      return read;
    } catch (error) {
      this.giveUp();
      throw error;
    }
  }

  private giveUp(): void {
    try {
      this.database.exec('ROLLBACK');
    } catch {
      // SQLite has ended it by itself (I/O error).
    }
  }
}
