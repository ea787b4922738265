import { columnOf, type ColumnType, type TableDefinition } from '../tables/define-table.js';

/** What a statement takes for a parameter, and what a column holds. */
export type Value = number | string | null;

/** A statement in the words that all databases share, `?` for each parameter. Its name is unique: databases keep plans under it. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  /** The rows found must stay as they are until the transaction ends. */
  readonly locks?: boolean;
}

export function statement(name: string, text: string, more: Omit<Partial<Statement>, 'name' | 'text'> = {}): Statement {
  return { name, text, ...more };
}

/** A look-up by key, in parts, so that a database can ask for many keys with one statement. */
export interface Lookup extends Statement {
  readonly select: string;
  readonly from: string;
  /** Columns that must equal the parameters, in their order. */
  readonly by: Readonly<Record<string, ColumnType>>;
  /** What else must hold, without parameters. */
  readonly where: string | null;
  /** The column that orders the rows of one key, where there may be several. Needs its name without its table in `select`. */
  readonly order: string | null;
  /** A last parameter says how many rows of one key are wanted at most. */
  readonly isLimited: boolean;
}

export function lookup(
  name: string,
  { select, from, by, where = null, order = null, isLimited = false }: Pick<Lookup, 'select' | 'from' | 'by'> & Partial<Lookup>,
): Lookup {
  const conditions = [...Object.keys(by).map((column) => `${column} = ?`), ...(where === null ? [] : [where])].join(' AND ');
  const ordered = order === null ? '' : ` ORDER BY ${order}`;
  const text = `SELECT ${select} FROM ${from} WHERE ${conditions}${ordered}${isLimited ? ' LIMIT ?' : ''}`;
  return { name, text, select, from, by, where, order, isLimited };
}

/** Types of a look-up's parameters. */
export function paramsOf({ by, isLimited }: Lookup): readonly ColumnType[] {
  return [...Object.values(by), ...(isLimited ? (['integer'] as const) : [])];
}

/** A column without its table. */
export function bare(column: string): string {
  return column.slice(column.indexOf('.') + 1);
}

/**
 * A statement that writes one row. Its values come in the order of `columns`; an `update` finds its row by the last of them,
 * `key`, an `upsert` by the primary key, a `delete` by all of them. A `rewrite` is an `update` that knows the whole row: what it
 * does not set is as in `constants`, so that a database may as well put a new row in its place.
 */
export interface RowStatement {
  readonly name: string;
  readonly verb: 'insert' | 'upsert' | 'update' | 'rewrite' | 'delete';
  readonly table: TableDefinition;
  readonly columns: readonly string[];
  readonly key: readonly string[];
  /** Columns of an `insert` or a `rewrite` that always have the same values. */
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

export function rewriteOf(
  name: string,
  table: TableDefinition,
  set: readonly string[],
  key: readonly string[],
  constants: RowStatement['constants'] = {},
): RowStatement {
  return { name, verb: 'rewrite', table, columns: [...set, ...key], key, constants };
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
