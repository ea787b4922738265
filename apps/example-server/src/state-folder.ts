import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ReportError, systemErrorCode } from './repository-report/report-error.js';

/**
 * Makes the folder that keeps state and returns the path of the database in it. The folder ignores itself, so that neither
 * git nor a report over a directory without git counts it.
 *
 * @throws ReportError STATE_NOT_WRITABLE
 */
export async function prepareStateFolder(cwd: string): Promise<string> {
  const folder = join(cwd, '.taskloom');
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, '.gitignore'), '*\n');
  } catch (error) {
    throw new ReportError('STATE_NOT_WRITABLE', `State cannot be kept in ${folder} (${systemErrorCode(error) ?? String(error)}).`, {
      cause: error,
    });
  }
  return join(folder, 'taskloom.db');
}
