import type { Steps } from '../../kernel/steps.js';
import { eachText, sqlite } from '../dialect/sqlite.js';
import { grouped } from '../sql/grouped.js';
import type { Operation, Question, Reads, Session } from '../sql/operation.js';
import type { Lookup, RowStatement, Statement, Value } from '../sql/statement.js';
import type { SqliteHandle, SqliteStatement } from './sqlite-driver.js';

/** From so many keys on, one statement for all of them is as fast as one for each. */
const MANY = 8;

/** Runs operations on one connection: each from its beginning to its end without anything in between, but for `steps`. */
export class SqliteSession implements Session, Reads {
  private readonly prepared = new Map<Statement | RowStatement, SqliteStatement>();
  private readonly lookups = new Map<Lookup, SqliteStatement>();

  constructor(private readonly database: SqliteHandle) {}

  async read<T>(begin: () => Operation<T>): Promise<T> {
    return this.runNow(begin());
  }

  async run<T>(operation: Operation<T>): Promise<T> {
    return this.runNow(operation);
  }

  runNow<T>(operation: Operation<T>): T {
    let next = operation.next();
    while (next.done !== true) next = operation.next(this.answer(next.value));
    return next.value;
  }

  /** The operation, question by question. */
  *steps<T>(operation: Operation<T>): Steps<T> {
    let next = operation.next();
    while (next.done !== true) {
      const answer = this.answer(next.value);
      yield;
      next = operation.next(answer);
    }
    return next.value;
  }

  private answer(question: Question): unknown {
    if (question.kind === 'write') return this.writeRows(question.statement, question.params);
    if (question.kind === 'each') return this.lookUp(question.statement, question.params);
    const prepared = this.prepare(question.statement, sqlite.textOf);
    switch (question.kind) {
      case 'rows':
        return prepared.all(...question.params);
      case 'change':
        return prepared.run(...question.params).changes;
    }
  }

  private lookUp(statement: Lookup, keys: readonly (readonly Value[])[]): unknown[][] {
    if (keys.length < MANY) {
      const prepared = this.prepare(statement, sqlite.textOf);
      return keys.map((params) => prepared.all(...params));
    }
    let prepared = this.lookups.get(statement);
    if (!prepared) this.lookups.set(statement, (prepared = this.database.prepare(eachText(statement))));
    return grouped(prepared.all(JSON.stringify(keys)) as (object & { ask: number })[], keys.length);
  }

  private writeRows(statement: RowStatement, rows: readonly (readonly Value[])[]): number {
    const prepared = this.prepare(statement, sqlite.rowText);
    let changed = 0;
    for (const row of rows) changed += prepared.run(...row).changes;
    return changed;
  }

  private prepare<S extends Statement | RowStatement>(statement: S, textOf: (statement: S) => string): SqliteStatement {
    let prepared = this.prepared.get(statement);
    if (!prepared) this.prepared.set(statement, (prepared = this.database.prepare(textOf(statement))));
    return prepared;
  }
}
