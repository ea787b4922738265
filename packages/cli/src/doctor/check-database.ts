import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { runProgram } from '../programs/run-program.js';
import { count } from '../terminal/count.js';
import { failure, ok, warning, type CheckResult } from './check.js';

/** Above this a copy would take longer than anybody waits. */
const MAX_BYTES = 1024 ** 3;

/** Whether the driver loads and a new database can be made. */
export async function checkDriver(folder: string): Promise<CheckResult> {
  return withFolder(async (temporary) => {
    const tried = await tryEngine(folder, join(temporary, 'new.db'));
    if ('problem' in tried)
      return failure(
        `The engine does not start: ${tried.problem}`,
        'Reinstall with install scripts allowed for better-sqlite3, with the Node.js that runs the application.',
      );
    return ok('The SQLite driver loads, and a new database is made');
  });
}

/**
 * Whether the application's database opens and has, or can be given, the tables of the installed version. A copy is looked
 * at, so that nothing changes and a running application is not disturbed.
 */
export async function checkDatabase(folder: string, database: string): Promise<CheckResult> {
  if (!existsSync(database)) return ok(`There is no ${database} yet; the first start makes it`);
  const bytes = statSync(database).size;
  if (bytes > MAX_BYTES)
    return warning(`${database} is larger than 1 GiB and was not looked at.`, 'Start the application to see whether it opens.');
  return withFolder(async (temporary) => {
    const copy = join(temporary, basename(database));
    for (const suffix of ['', '-wal']) if (existsSync(database + suffix)) copyFileSync(database + suffix, copy + suffix);
    const tried = await tryEngine(folder, copy);
    if ('problem' in tried)
      return failure(`${database} does not open: ${tried.problem}`, 'Put a backup in its place, or the version of Taskloom that wrote it.');
    return ok(`${database} opens and its tables are up to date; ${count(tried.unfinishedJobs, 'unfinished job')}`);
  });
}

async function withFolder(act: (folder: string) => Promise<CheckResult>): Promise<CheckResult> {
  const folder = mkdtempSync(join(tmpdir(), 'taskloom-doctor-'));
  try {
    return await act(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function tryEngine(folder: string, database: string): Promise<{ readonly unfinishedJobs: number } | { readonly problem: string }> {
  try {
    return JSON.parse(await runProgram('try-engine', [folder, database], folder)) as { unfinishedJobs: number };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}
