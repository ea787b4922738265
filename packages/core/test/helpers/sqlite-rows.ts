import { loadSqliteDriver } from '../../src/store/sqlite/sqlite-driver.js';
import { TABLES } from '../../src/store/tables/table-names.js';

const { migrations: _migrations, node: _node, ...DATA } = TABLES;

/** How many rows each table of a file has that has any, that of migrations left out. */
export async function rowsOf(path: string): Promise<Record<string, number>> {
  const driver = await loadSqliteDriver();
  const database = new driver(path, { readonly: true });
  const counts: Record<string, number> = {};
  for (const table of Object.values(DATA)) {
    const { count } = database.prepare(`SELECT count(*) AS count FROM ${table}`).get() as { count: number };
    if (count > 0) counts[table] = count;
  }
  database.close();
  return counts;
}

/** The JSON that stands beside the event with that number, in a file with one job. */
export async function textOfEvent(path: string, seq: number): Promise<string> {
  const driver = await loadSqliteDriver();
  const database = new driver(path, { readonly: true });
  const { body } = database.prepare(`SELECT body FROM ${TABLES.event} WHERE seq = ?`).get(seq) as { body: string };
  database.close();
  return body;
}
