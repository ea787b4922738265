import { Table } from 'typeorm';

import type { RowStatement, Statement } from '../sql/statement.js';
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
  rowText: ({ verb, table, columns, key, constants }: RowStatement) => {
    const where = `WHERE ${key.map((column) => `${column} = ?`).join(' AND ')}`;
    if (verb === 'delete') return `DELETE FROM ${table.name} ${where}`;
    if (verb === 'update') {
      const set = columns.slice(0, columns.length - key.length);
      return `UPDATE ${table.name} SET ${set.map((column) => `${column} = ?`).join(', ')} ${where}`;
    }
    const values = [...columns.map(() => '?'), ...Object.values(constants)];
    const insert = `INSERT INTO ${table.name} (${[...columns, ...Object.keys(constants)].join(', ')}) VALUES (${values.join(',')})`;
    if (verb === 'insert') return insert;
    const set = columns.filter((column) => !key.includes(column)).map((column) => `${column} = excluded.${column}`);
    return `${insert} ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${set.join(', ')}`;
  },
  contains: (alias) =>
    `(${SEARCHED.map((column) => `instr(${FOLD}(${column.replace(/\b(key|name|details)\b/, `${alias}.$1`)}), :text) > 0`).join(' OR ')})`,
  param: (text) => text,
};
