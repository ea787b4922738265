import type { Lookup, RowStatement, Statement, Value } from './statement.js';

/** What an operation asks its database for. */
export type Question =
  | { readonly kind: 'rows'; readonly statement: Statement; readonly params: readonly Value[] }
  | { readonly kind: 'each'; readonly statement: Lookup; readonly params: readonly (readonly Value[])[] }
  | { readonly kind: 'change'; readonly statement: Statement; readonly params: readonly Value[] }
  | { readonly kind: 'write'; readonly statement: RowStatement; readonly params: readonly (readonly Value[])[] };

/**
 * Something done with a database, told apart from how the database is reached: it yields statements and goes on with what they
 * answer. SQLite answers at once, inside one turn of the event loop; PostgreSQL when the answer has come.
 */
export type Operation<T> = Generator<Question, T, unknown>;

/** Runs operations on one connection. */
export interface Session {
  run<T>(operation: Operation<T>): Promise<T>;
}

/** Runs operations that only read, from the beginning again where a connection was lost. */
export interface Reads {
  read<T>(begin: () => Operation<T>): Promise<T>;
}

export function* rows<Row>(statement: Statement, ...params: readonly Value[]): Operation<Row[]> {
  return (yield { kind: 'rows', statement, params }) as Row[];
}

export function* row<Row>(statement: Statement, ...params: readonly Value[]): Operation<Row | undefined> {
  return (yield* rows<Row>(statement, ...params))[0];
}

/** The rows for each of many sets of parameters, in their order: one question, however many. */
export function* each<Row>(statement: Lookup, params: readonly (readonly Value[])[]): Operation<Row[][]> {
  if (params.length === 0) return [];
  return (yield { kind: 'each', statement, params }) as Row[][];
}

/** Runs a statement that gives no rows. Resolves to how many it changed. */
export function* change(statement: Statement, ...params: readonly Value[]): Operation<number> {
  return (yield { kind: 'change', statement, params }) as number;
}

/** Runs a statement for many rows: one question, however many. Resolves to how many it changed. */
export function* write(statement: RowStatement, params: readonly (readonly Value[])[]): Operation<number> {
  if (params.length === 0) return 0;
  return (yield { kind: 'write', statement, params }) as number;
}
