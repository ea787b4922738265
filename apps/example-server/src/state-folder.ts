import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Makes the folder that keeps state and returns the path of the database in it. The folder ignores itself, so that neither
 * git nor a report over a directory without git counts it.
 */
export async function prepareStateFolder(cwd: string): Promise<string> {
  const folder = join(cwd, '.taskloom');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, '.gitignore'), '*\n');
  return join(folder, 'taskloom.db');
}
