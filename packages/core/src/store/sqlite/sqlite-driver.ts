import { TaskloomError } from '../../errors/taskloom-error.js';

/** The part of better-sqlite3 that is used; every supported driver has it. */
export interface SqliteStatement {
  run(...params: readonly unknown[]): { readonly changes: number; readonly lastInsertRowid: number | bigint };
  get(...params: readonly unknown[]): unknown;
  all(...params: readonly unknown[]): unknown[];
}

export interface SqliteHandle {
  prepare(sql: string): SqliteStatement;
  exec(sql: string): unknown;
  pragma(text: string): unknown;
  function(
    name: string,
    options: { readonly deterministic: boolean },
    act: (...values: readonly unknown[]) => string | number | null,
  ): unknown;
  close(): unknown;
}

export type SqliteDriver = new (path: string, options?: { readonly readonly?: boolean; readonly timeout?: number }) => SqliteHandle;

/**
 * Loads the SQLite driver that fits this Node: better-sqlite3 13, whose binary comes inside the package, needs Node-API 10
 * (Node 22.14 or later; it crashes an older one, so it is not even tried there); better-sqlite3 12 is compiled at install.
 *
 * @throws TaskloomError `DRIVER_MISSING` with what to install
 */
export async function loadSqliteDriver(): Promise<SqliteDriver> {
  const problems: string[] = [];
  for (const name of supportsNodeApi10(process.versions.node) ? ['better-sqlite3-napi', 'better-sqlite3'] : ['better-sqlite3']) {
    try {
      const { default: driver } = (await import(name)) as { default: SqliteDriver };
      new driver(':memory:').close();
      return driver;
    } catch (error) {
      problems.push(`${name}: ${(error as Error).message.split('\n')[0]!}`);
    }
  }
  throw new TaskloomError('DRIVER_MISSING', `No SQLite driver can be loaded on Node ${process.versions.node} (${problems.join('; ')}).`, {
    remedy:
      'Install better-sqlite3 with its build script allowed (it needs a C++ compiler and Python), or use Node 22.14 or later, where a ready binary is used.',
  });
}

function supportsNodeApi10(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 14);
}
