/**
 * What a column holds, for every database: `integer` a small whole number (a status, a number within a job), `long` a large
 * one (milliseconds since the epoch, a number given by the database), `real` any finite number as JavaScript has it, `text` any
 * text, told apart and ordered by its bytes.
 */
export type ColumnType = 'integer' | 'long' | 'real' | 'text';

export interface ColumnDefinition {
  readonly name: string;
  readonly type: ColumnType;
  readonly isPrimary?: boolean;
  /** Given by the database, never twice. */
  readonly isGenerated?: boolean;
  readonly isNullable?: boolean;
  readonly isUnique?: boolean;
  readonly default?: number;
}

export interface TableDefinition {
  readonly name: string;
  readonly columns: readonly ColumnDefinition[];
  readonly indices?: readonly { readonly name: string; readonly columnNames: readonly string[]; readonly isUnique?: boolean }[];
  /** Rows lie in the order of the primary key, where the database can do that. */
  readonly withoutRowid?: boolean;
  /** Its rows are written again and again. */
  readonly isHot?: boolean;
}

/** Takes a table's description as it is; each dialect makes its own table of it. */
export function defineTable(definition: TableDefinition): TableDefinition {
  return definition;
}

/** @throws RangeError when the table has no such column */
export function columnOf({ name, columns }: TableDefinition, column: string): ColumnDefinition {
  const found = columns.find((each) => each.name === column);
  if (!found) throw new RangeError(`${name} has no column "${column}"`);
  return found;
}
