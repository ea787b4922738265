import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { count } from '../terminal/count.js';
import { failure, ok, warning, type CheckResult } from './check.js';

/** Above this a copy would take longer than anybody waits. */
const MAX_BYTES = 1024 ** 3;
const TIMEOUT_MS = 60_000;

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
    const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', program(), folder, database], {
      cwd: folder,
      timeout: TIMEOUT_MS,
    });
    return JSON.parse(stdout) as { unfinishedJobs: number };
  } catch (error) {
    return { problem: reasonOf(error as { readonly stderr?: string; readonly message: string }) };
  }
}

/** The line of an uncaught error that says what it is. */
function reasonOf({ stderr = '', message }: { readonly stderr?: string; readonly message: string }): string {
  const line = stderr.split('\n').find((one) => /^\w*Error\b/.test(one));
  return (line ?? message.split('\n', 1)[0]!).replace(/^\w*Error(?: \[\w+\])?: /, '');
}

/** Built beside this file, or found from the sources in this package's own tests. */
function program(): string {
  const beside = fileURLToPath(new URL('try-engine.js', import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL('../../dist/try-engine.js', import.meta.url));
}
