import { Table } from 'typeorm';

import { bare, paramsOf, type Lookup, type RowStatement, type Statement } from '../sql/statement.js';
import { ALL_TABLES } from '../tables/all-tables.js';
import type { TableDefinition } from '../tables/define-table.js';
import type { Dialect } from './dialect.js';

/** SQL function of the read connection: a text as `foldText` folds it. SQLite's own LOWER knows ASCII letters only. */
export const FOLD = 'taskloom_fold';

/** Where a search by text looks. */
const SEARCHED = ['key', 'name', "json_extract(details, '$.description')"];

export const sqlite: Dialect = {
  name: 'sqlite',
  tables: ALL_TABLES,
  toTable: ({ name, columns, indices = [], withoutRowid = false }: TableDefinition) =>
    new Table({
      name,
      columns: columns.map(({ type, isGenerated, ...column }) => ({
        ...column,
        type: type === 'long' ? 'integer' : type,
        ...(isGenerated === true ? { isGenerated, generationStrategy: 'increment' as const } : undefined),
      })),
      indices: indices.map(({ columnNames, ...index }) => ({ ...index, columnNames: [...columnNames] })),
      withoutRowid,
    }),
  settingsOf: () => [],
  textOf: ({ text }: Statement) => text,
  rowText: (statement: RowStatement) => rowsText(statement, 1),
  contains: (alias) =>
    `(${SEARCHED.map((column) => `instr(${FOLD}(${column.replace(/\b(key|name|details)\b/, `${alias}.$1`)}), :text) > 0`).join(' OR ')})`,
  param: (text) => text,
};

/**
 * Writes so many rows; several only where the statement says all of them. To put a row in another's place is the cheaper way
 * for several, and the dearer one for a single row.
 */
export function rowsText({ verb, table, columns, key, constants }: RowStatement, rows: number): string {
  const where = `WHERE ${key.map((column) => `${column} = ?`).join(' AND ')}`;
  if (verb === 'delete') return `DELETE FROM ${table.name} ${where}`;
  if (verb === 'update' || (verb === 'rewrite' && rows === 1)) {
    const set = columns.slice(0, columns.length - key.length);
    return `UPDATE ${table.name} SET ${set.map((column) => `${column} = ?`).join(', ')} ${where}`;
  }
  const values = `(${[...columns.map(() => '?'), ...Object.values(constants)].join(',')})`;
  const into = `INTO ${table.name} (${[...columns, ...Object.keys(constants)].join(', ')}) VALUES ${Array<string>(rows).fill(values).join(',')}`;
  if (verb === 'rewrite') return `REPLACE ${into}`;
  if (verb === 'insert') return `INSERT ${into}`;
  const set = columns.filter((column) => !key.includes(column)).map((column) => `${column} = excluded.${column}`);
  return `INSERT ${into} ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${set.join(', ')}`;
}

/**
 * A look-up for many sets of parameters at once, which come as one JSON list of lists; before the columns of each row, as `ask`,
 * the number (from 0) of the set that it answers.
 */
export function eachText(lookup: Lookup): string {
  const { select, from, by, where, order, isLimited } = lookup;
  const params = paramsOf(lookup).map((_, index) => `value ->> ${index} AS p${index + 1}`);
  const asked = `(SELECT key AS ask, ${params.join(', ')} FROM json_each(?)) AS asked`;
  const keys = Object.keys(by).map((column, index) => `${column} = asked.p${index + 1}`);
  // A cross join is made in the order in which it is written: what is asked for first, then its rows by their key.
  const found = `FROM ${asked} CROSS JOIN ${from} WHERE ${[...keys, ...(where === null ? [] : [where])].join(' AND ')}`;
  if (order === null) return `SELECT asked.ask, ${select} ${found}`;
  if (!isLimited) return `SELECT asked.ask, ${select} ${found} ORDER BY asked.ask, ${order}`;
  const placed = `SELECT asked.ask, asked.p${params.length} AS most, ${select}, ROW_NUMBER() OVER (PARTITION BY asked.ask ORDER BY ${order}) AS place ${found}`;
  return `SELECT * FROM (${placed}) WHERE place <= most ORDER BY ask, ${bare(order)}`;
}
