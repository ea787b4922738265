import { createRequire } from 'node:module';

interface Database {
  exec(sql: string): void;
  close(): void;
}

/** A database file beside any engine, through the driver that core brings. */
export async function loadDatabase(path: string): Promise<Database> {
  const core = createRequire(createRequire(import.meta.url).resolve('@taskloom/core'));
  for (const name of ['better-sqlite3-napi', 'better-sqlite3']) {
    try {
      const driver = core(name) as new (file: string) => Database;
      return new driver(path);
    } catch {
      // The other one is made for this version of Node.js.
    }
  }
  throw new Error('There is no SQLite driver.');
}
