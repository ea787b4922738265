import type { Table } from 'typeorm';

import type { RowStatement, Statement } from '../sql/statement.js';
import type { TableDefinition } from '../tables/define-table.js';

/** What differs between databases in the text of statements and tables. The rest of the store is written once. */
export interface Dialect {
  readonly name: 'sqlite' | 'postgres';
  /** The tables of the first migration. */
  readonly tables: readonly TableDefinition[];
  /** A table as TypeORM makes it. */
  readonly toTable: (definition: TableDefinition) => Table;
  /** What TypeORM cannot say of a table, as statements. */
  readonly settingsOf: (definition: TableDefinition) => readonly string[];
  /** A statement with this database's parameters. */
  readonly textOf: (statement: Statement) => string;
  /** A statement that writes rows. */
  readonly rowText: (statement: RowStatement) => string;
  /** A condition of the task whose definition is `alias`: what people read there contains `:text`, which is folded. */
  readonly contains: (alias: string) => string;
  /** A text as a parameter of a composed query. */
  readonly param: (text: string) => string;
}
