/* Every statement of the store in the words of each database, for people who review a change. */
import pg from 'pg';
import { DataSource, type SelectQueryBuilder } from 'typeorm';

import { JOB_ORDERS, TASK_ORDERS } from '../../src/model/views.js';
import { commitText, eachText as eachOfPostgres, numbered, postgres, stored } from '../../src/store/dialect/postgres.js';
import type { Dialect } from '../../src/store/dialect/dialect.js';
import { eachText as eachOfSqlite, rowsText as rowsOfSqlite, sqlite } from '../../src/store/dialect/sqlite.js';
import { DELETE_STATEMENTS, SWEEP_STATEMENTS } from '../../src/store/operations/delete-jobs.js';
import { ENGINE_STATEMENTS } from '../../src/store/operations/engines.js';
import { eventsOf, JOB_CHANGES, JOB_ROWS } from '../../src/store/operations/job-statements.js';
import { LOAD_STATEMENTS } from '../../src/store/operations/load-jobs.js';
import { JOB_KEYSETS, TASK_KEYSETS, type Keyset } from '../../src/store/operations/keyset.js';
import { ATTEMPT_STATEMENTS } from '../../src/store/operations/read-attempt.js';
import { COUNT_STATEMENTS } from '../../src/store/operations/read-counts.js';
import { EVENT_STATEMENTS } from '../../src/store/operations/read-events.js';
import { ENTRY_READS } from '../../src/store/operations/read-key-values.js';
import { COST_STATEMENTS, TASK_COST_ROW } from '../../src/store/operations/task-costs.js';
import { ViewReader, VIEW_STATEMENTS } from '../../src/store/operations/read-views.js';
import { ENTRY_ROWS, ENTRY_WRITES } from '../../src/store/operations/write-key-values.js';
import { COMMIT_STATEMENTS } from '../../src/store/postgres/committer.js';
import { LEASE_STATEMENTS } from '../../src/store/postgres/node-lease.js';
import { SETTLE_STATEMENTS } from '../../src/store/postgres/settle.js';
import type { Database } from '../../src/store/sql/database.js';
import type { Lookup, RowStatement, Statement } from '../../src/store/sql/statement.js';
import { engineTable } from '../../src/store/tables/engine.table.js';
import { expiredJobTable } from '../../src/store/tables/expired-job.table.js';
import { taskCostTable } from '../../src/store/tables/task-cost.table.js';
import { loadSqliteDriver } from '../../src/store/sqlite/sqlite-driver.js';

const READS: readonly Statement[] = [
  LOAD_STATEMENTS,
  ATTEMPT_STATEMENTS,
  VIEW_STATEMENTS,
  EVENT_STATEMENTS,
  COUNT_STATEMENTS,
  COST_STATEMENTS,
  ENTRY_READS,
  { byNo: ENGINE_STATEMENTS.byNo },
].flatMap((group) => Object.values(group));
const CHANGES: readonly Statement[] = [JOB_CHANGES, ENTRY_WRITES, DELETE_STATEMENTS, SWEEP_STATEMENTS, [ENGINE_STATEMENTS.enter]].flatMap(
  (group) => Object.values<Statement>(group),
);
const ONLY_POSTGRES: readonly Statement[] = [COMMIT_STATEMENTS, SETTLE_STATEMENTS, LEASE_STATEMENTS].flatMap((group) =>
  Object.values(group),
);
const ROWS: readonly RowStatement[] = [JOB_ROWS, { eventsOfEngine: eventsOf(1), TASK_COST_ROW }, ENTRY_ROWS].flatMap((group) =>
  Object.values(group),
);

export async function sqlSnapshot(): Promise<string> {
  const parts = [
    '# Written by `npm run sql:snapshot`; a test compares it with the code.',
    section('Tables', await tables()),
    section('Reads', READS.map(ofStatement)),
    section(
      'Look-ups for many keys at once',
      READS.filter(isLookup).map((found) => entry(found.name, { sqlite: eachOfSqlite(found), postgres: eachOfPostgres(found) })),
    ),
    section('Lists composed with the query builder', await lists()),
    section('Rows of a commit', ROWS.map(ofRows)),
    section('A commit (PostgreSQL): the kinds of rows that most have', [
      ofCommit('attempts', [JOB_ROWS.appendJob, eventsOf(1), JOB_ROWS.plainTask]),
    ]),
    section('Changes', CHANGES.map(ofStatement)),
    section(
      'PostgreSQL alone',
      ONLY_POSTGRES.map((statement) => entry(statement.name, { postgres: postgres.textOf(statement) })),
    ),
  ];
  return `${parts.join('\n\n')}\n`;
}

function isLookup(statement: Statement): statement is Lookup {
  return 'select' in statement;
}

function section(title: string, entries: readonly string[]): string {
  return `## ${title}\n\n${entries.join('\n\n')}`;
}

function entry(name: string, texts: { readonly [database: string]: string }): string {
  return `### ${name}\n${Object.entries(texts)
    .map(([database, text]) => `${database}: ${text}`)
    .join('\n')}`;
}

function ofStatement(statement: Statement): string {
  const [one, other] = [sqlite.textOf(statement), postgres.textOf(statement)];
  return entry(statement.name, other === numbered(one) ? { both: one } : { sqlite: one, postgres: other });
}

/** SQLite writes some rows at a time; where that is done otherwise than one by one, two stand for any number. */
function ofRows(statement: RowStatement): string {
  const several = statement.verb === 'rewrite' ? { 'sqlite, several': rowsOfSqlite(statement, 2) } : {};
  return entry(statement.name, { sqlite: sqlite.rowText(statement), ...several, postgres: postgres.rowText(statement) });
}

function ofCommit(name: string, rows: readonly RowStatement[]): string {
  return entry(name, { postgres: commitText({ isFenced: true, isAppending: true, rows: rows.map(stored) }) });
}

async function tables(): Promise<string[]> {
  const texts = new Map<string, { [database: string]: string }>();
  for (const dialect of [sqlite, postgres]) {
    const runner = (await sourceOf(dialect)).createQueryRunner() as unknown as { createTableSql(table: object): { query: string } };
    for (const table of [...dialect.tables, expiredJobTable, taskCostTable, engineTable]) {
      const { query } = runner.createTableSql(dialect.toTable(table));
      texts.set(table.name, { ...texts.get(table.name), [dialect.name]: [query, ...dialect.settingsOf(table)].join('; ') });
    }
  }
  return Array.from(texts, ([name, text]) => entry(name, text));
}

/** A source that is never opened: it only composes. */
async function sourceOf(dialect: Dialect): Promise<DataSource> {
  return dialect.name === 'sqlite'
    ? new DataSource({ type: 'better-sqlite3', database: ':memory:', driver: await loadSqliteDriver() })
    : new DataSource({ type: 'postgres', driver: pg });
}

async function lists(): Promise<string[]> {
  const texts = new Map<string, { [database: string]: string }>();
  for (const dialect of [sqlite, postgres]) {
    const source = await sourceOf(dialect);
    let name = '';
    const database = {
      dialect,
      forPeople: { read: () => Promise.resolve(new Map<string, number>()) },
      list: (compose: (query: SelectQueryBuilder<object>) => SelectQueryBuilder<object>) => {
        texts.set(name, { ...texts.get(name), [dialect.name]: compose(source.createQueryBuilder()).getQuery() });
        return Promise.resolve([]);
      },
    } as unknown as Database;
    const reader = new ViewReader(database);
    const page = (kind: string, numbers: string): { first: number; after: string } => ({
      first: 10,
      after: Buffer.from(`${kind}:${numbers}`).toString('base64url'),
    });
    const pageOf = ({ kind, terms }: Keyset): { first: number; after: string } => page(kind, terms.map(() => '1').join(':'));
    const ofJobs = { status: ['RUNNING' as const], workflow: 'w', name: 'n', tenant: 't', isOpen: true, createdAfter: 1, createdBefore: 2 };
    const ofTasks = {
      jobId: 'j',
      status: ['READY' as const],
      type: ['TASK' as const],
      agent: 'a',
      kind: 'k',
      parentId: 'j:1',
      tenant: 't',
      text: 'x',
      ofOpenJobs: true,
    };
    for (const [each, ask] of [
      ['jobs', () => reader.jobs(ofJobs, page('job', '1'))],
      ...JOB_ORDERS.map((order) => [`jobs by ${order}`, () => reader.jobs({}, { ...pageOf(JOB_KEYSETS[order]), order })] as const),
      ['countJobs', () => reader.countJobs(ofJobs)],
      ['tasks', () => reader.tasks(ofTasks, page('task', '1:1'))],
      ...TASK_ORDERS.map((order) => [`tasks by ${order}`, () => reader.tasks({}, { ...pageOf(TASK_KEYSETS[order]), order })] as const),
      ['countTasks', () => reader.countTasks(ofTasks)],
      ['humanRequest', () => reader.humanRequest('j:q1')],
      ['humanRequests', () => reader.humanRequests({ jobId: 'j', tenant: 't', status: ['OPEN'] }, page('request', '1:1'))],
    ] as const) {
      name = each;
      await ask();
    }
  }
  return Array.from(texts, ([name, text]) => entry(name, text));
}
