import { columnOf, type ColumnType, type TableDefinition } from '../tables/define-table.js';

/** What a statement takes for a parameter, and what a column holds. */
export type Value = number | string | null;

/** A statement in the words that all databases share, `?` for each parameter. Its name is unique: databases keep plans under it. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  /** Of the parameters, for statements that are asked for many of them at once. */
  readonly params: readonly ColumnType[];
  /** The column that orders the rows of one answer, where there may be several and they are asked for at once. */
  readonly order?: string;
  /** The rows found must stay as they are until the transaction ends. */
  readonly locks?: boolean;
}

export function statement(name: string, text: string, more: Omit<Partial<Statement>, 'name' | 'text'> = {}): Statement {
  return { name, text, params: [], ...more };
}

/** A look-up by key that can be asked for many keys at once. */
export function lookup(name: string, params: readonly ColumnType[], text: string, order?: string): Statement {
  return { name, text, params, ...(order === undefined ? undefined : { order }) };
}

/**
 * A statement that writes one row. Its values come in the order of `columns`; an `update` finds its row by the last of them,
 * `key`, an `upsert` by the primary key, a `delete` by all of them.
 */
export interface RowStatement {
  readonly name: string;
  readonly verb: 'insert' | 'upsert' | 'update' | 'delete';
  readonly table: TableDefinition;
  readonly columns: readonly string[];
  readonly key: readonly string[];
  /** Columns of an `insert` that always have the same values. */
  readonly constants: { readonly [column: string]: number };
}

/** Inserts into all columns of a table, or those named. */
export function insertInto(
  name: string,
  table: TableDefinition,
  columns = namesOf(table),
  constants: RowStatement['constants'] = {},
): RowStatement {
  return { name, verb: 'insert', table, columns, key: [], constants };
}

/** Inserts a row, or writes over the one with the same primary key. */
export function upsertInto(name: string, table: TableDefinition): RowStatement {
  const key = table.columns.filter(isPrimary).map(({ name: column }) => column);
  return { name, verb: 'upsert', table, columns: namesOf(table), key, constants: {} };
}

export function updateOf(name: string, table: TableDefinition, set: readonly string[], key: readonly string[]): RowStatement {
  return { name, verb: 'update', table, columns: [...set, ...key], key, constants: {} };
}

export function deleteFrom(name: string, table: TableDefinition, key: readonly string[]): RowStatement {
  return { name, verb: 'delete', table, columns: key, key, constants: {} };
}

export function typesOf({ table, columns }: RowStatement): readonly ColumnType[] {
  return columns.map((column) => columnOf(table, column).type);
}

function namesOf({ columns }: TableDefinition): readonly string[] {
  return columns.map(({ name }) => name);
}

function isPrimary({ isPrimary: primary }: TableDefinition['columns'][number]): boolean {
  return primary === true;
}
