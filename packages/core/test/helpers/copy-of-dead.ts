import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';

import { loadSqliteDriver } from '../../src/store/sqlite/sqlite-driver.js';

/**
 * A database that a dead process has left, as SQLite repairs it when it is opened: a hot journal is rolled back, a log played
 * back, which a read-only connection may not do. It is a copy that is repaired, so that the next process finds what the dead one
 * has left, and has to do the same.
 *
 * @param folder for the copy; what is in it goes away
 * @returns the copy's path; nothing is there where the process had made nothing
 */
export async function copyOfDead(path: string, folder: string): Promise<string> {
  const copy = join(folder, basename(path));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  if (!existsSync(path)) return copy;
  // Not the shared memory: it says what processes were doing, and there are none.
  for (const suffix of ['', '-journal', '-wal']) if (existsSync(path + suffix)) cpSync(path + suffix, copy + suffix);
  const driver = await loadSqliteDriver();
  const database = new driver(copy);
  try {
    database.pragma('schema_version');
  } finally {
    database.close();
  }
  return copy;
}
