import { Table } from 'typeorm';

import { encodeText } from '../postgres/text-codec.js';
import { bare, paramsOf, typesOf, type Lookup, type RowStatement, type Statement } from '../sql/statement.js';
import { ALL_TABLES } from '../tables/all-tables.js';
import type { ColumnType, TableDefinition } from '../tables/define-table.js';
import { nodeTable } from '../tables/node.table.js';
import { TABLES } from '../tables/table-names.js';
import { taskSpecTable } from '../tables/task.table.js';
import type { Dialect } from './dialect.js';

const COLUMN_TYPES: Readonly<Record<ColumnType, string>> = { integer: 'integer', long: 'bigint', real: 'double precision', text: 'text' };

/** What people read of a task, folded: the server does not fold as JavaScript does, and what it can do depends on how it was built. */
export const FOLDED = 'folded';

/** Room on each page for the next version of its rows, so that an update need not touch any index. */
const HOT = 'fillfactor = 70';

const searchedTaskSpecTable: TableDefinition = {
  ...taskSpecTable,
  columns: [...taskSpecTable.columns, { name: FOLDED, type: 'text' }],
};

/** A statement as it is written here: definitions of tasks come with what is searched in them. */
export function stored(statement: RowStatement): RowStatement {
  if (statement.table !== taskSpecTable || statement.verb !== 'insert') return statement;
  return { ...statement, table: searchedTaskSpecTable, columns: [...statement.columns, FOLDED] };
}

export const postgres: Dialect = {
  name: 'postgres',
  tables: [...ALL_TABLES.map((table) => (table === taskSpecTable ? searchedTaskSpecTable : table)), nodeTable],
  toTable: ({ name, columns, indices = [] }: TableDefinition) =>
    new Table({
      name,
      columns: columns.map(({ type, isGenerated, ...column }) => ({
        ...column,
        type: COLUMN_TYPES[type],
        // Texts are ordered and told apart by their bytes, whatever the database's language is.
        ...(type === 'text' ? { collation: 'C' } : undefined),
        ...(isGenerated === true ? { isGenerated, generationStrategy: 'increment' as const } : undefined),
      })),
      indices: indices.map(({ columnNames, ...index }) => ({ ...index, columnNames: [...columnNames] })),
    }),
  settingsOf: ({ name, isHot }: TableDefinition) => (isHot === true ? [`ALTER TABLE ${name} SET (${HOT})`] : []),
  textOf: ({ text, locks }: Statement) => `${numbered(text)}${locks === true ? ' FOR UPDATE' : ''}`,
  rowText: (statement: RowStatement) => rowsText(stored(statement), 1, ''),
  contains: (alias) => `strpos(${alias}.${FOLDED}, :text) > 0`,
  param: encodeText,
};

/** `?` as `$1`, `$2` … */
export function numbered(text: string, from = 1): string {
  let next = from;
  return text.replace(/\?/g, () => `$${next++}`);
}

/**
 * A look-up for many sets of parameters at once: one array for each parameter, and before the columns of each row, as `ask`,
 * the number (from 0) of the set that it answers.
 */
export function eachText(lookup: Lookup): string {
  const { text, order } = lookup;
  const params = paramsOf(lookup);
  let next = 0;
  const inner = text.replace(/\?/g, () => `asked.p${++next}`);
  const names = params.map((_, index) => `p${index + 1}`).join(', ');
  return `SELECT asked.ask - 1 AS ask, found.* FROM ${unnested(params, 1)} WITH ORDINALITY AS asked (${names}, ask) CROSS JOIN LATERAL (${inner}) AS found${order === null ? '' : ` ORDER BY asked.ask, found.${bare(order)}`}`;
}

/**
 * Writes any number of rows, which come as one array for each column, numbered from `$first`. `condition` is a condition under
 * which anything is written at all.
 */
export function rowsText(statement: RowStatement, first: number, condition: string): string {
  const { verb, table, columns, key, constants } = statement;
  const given = `${unnested(typesOf(statement), first)} AS given (${columns.join(', ')})`;
  const where = [...key.map((column) => `kept.${column} = given.${column}`), ...(condition === '' ? [] : [condition])].join(' AND ');
  if (verb === 'delete') return `DELETE FROM ${table.name} AS kept USING ${given} WHERE ${where}`;
  if (verb === 'update' || verb === 'rewrite') {
    const set = columns.slice(0, columns.length - key.length).map((column) => `${column} = given.${column}`);
    return `UPDATE ${table.name} AS kept SET ${set.join(', ')} FROM ${given} WHERE ${where}`;
  }
  const all = [...columns, ...Object.keys(constants)].join(', ');
  const values = ['given.*', ...Object.values(constants)].join(', ');
  const insert = `INSERT INTO ${table.name} (${all}) SELECT ${values} FROM ${given}${condition === '' ? '' : ` WHERE ${condition}`}`;
  if (verb === 'insert') return insert;
  const set = columns.filter((column) => !key.includes(column)).map((column) => `${column} = excluded.${column}`);
  return `${insert} ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${set.join(', ')}`;
}

function unnested(types: readonly ColumnType[], first: number): string {
  return `unnest(${types.map((type, index) => `$${first + index}::${COLUMN_TYPES[type]}[]`).join(', ')})`;
}

/** What one statement writes of a commit. */
export interface CommitShape {
  /** Whether it stands only while this engine is the one that works here. */
  readonly isFenced: boolean;
  /** Whether it goes on with jobs, which must be where their events were decided. */
  readonly isAppending: boolean;
  readonly rows: readonly RowStatement[];
}

/** Only where all jobs are where their events were decided, and this engine is still the one that works here. */
const STANDS = '(SELECT ok FROM stands)';

/**
 * A commit as one statement, and thereby one transaction. Its parameters: the fence (where fenced); numbers, expected `last_seq`
 * and count of the jobs it goes on with (where appending); then the arrays of each kind of rows; then the channel and the notices
 * for other engines, which the server hands over when the transaction has committed. It answers with `ok`: whether it stands.
 * Where not, nothing was written.
 */
export function commitText({ isFenced, isAppending, rows }: CommitShape): string {
  let next = 1;
  const parts: string[] = [];
  const conditions: string[] = [];
  if (isFenced) {
    // Shared, so that nobody takes over in the middle.
    parts.push(`node AS (SELECT no FROM ${TABLES.node} WHERE no = 1 AND fence = $${next++}::bigint FOR SHARE)`);
    conditions.push('EXISTS (SELECT 1 FROM node)');
  }
  if (isAppending) {
    // In the order of their numbers: two commits never wait for each other in a circle.
    parts.push(
      `locked AS (SELECT job.no FROM unnest($${next++}::bigint[], $${next++}::integer[]) AS given (no, last_seq) JOIN ${TABLES.job} AS job ON job.no = given.no AND job.last_seq = given.last_seq ORDER BY job.no FOR UPDATE OF job)`,
    );
    conditions.push(`(SELECT count(*) FROM locked) = $${next++}::bigint`);
  }
  if (conditions.length > 0) parts.push(`stands AS MATERIALIZED (SELECT ${conditions.join(' AND ')} AS ok)`);
  rows.forEach((statement, index) => {
    parts.push(`rows_${index + 1} AS (${rowsText(statement, next, conditions.length > 0 ? STANDS : '')})`);
    next += statement.columns.length;
  });
  const isConditional = conditions.length > 0;
  const told = `(SELECT count(pg_notify($${next++}::text, notice)) FROM unnest($${next}::text[]) AS given (notice)${isConditional ? ` WHERE ${STANDS}` : ''}) AS told`;
  return `WITH ${parts.join(', ')} SELECT ${isConditional ? STANDS : 'true'} AS ok, ${told}`;
}
