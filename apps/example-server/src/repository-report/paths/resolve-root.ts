import { access, constants, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ReportError, systemErrorCode } from '../report-error.js';

/**
 * The absolute form of the directory to report on, proven to be a directory that can be read.
 * A symbolic link as the root itself is followed, and the path stays as it was given.
 *
 * @throws ReportError ROOT_NOT_FOUND, ROOT_NOT_DIRECTORY or ROOT_NOT_READABLE
 */
export async function resolveRoot(root: string): Promise<string> {
  const absolute = resolve(root);
  const found = await stat(absolute).catch((error: unknown) => {
    throw explain(absolute, error);
  });
  if (!found.isDirectory()) throw new ReportError('ROOT_NOT_DIRECTORY', `${absolute} is not a directory.`);
  await access(absolute, constants.R_OK | constants.X_OK).catch((error: unknown) => {
    throw explain(absolute, error);
  });
  return absolute;
}

function explain(path: string, cause: unknown): ReportError {
  const code = systemErrorCode(cause);
  if (code === 'ENOENT') return new ReportError('ROOT_NOT_FOUND', `There is no directory ${path}.`, { cause });
  if (code === 'ENOTDIR') return new ReportError('ROOT_NOT_DIRECTORY', `A part of ${path} is not a directory.`, { cause });
  return new ReportError('ROOT_NOT_READABLE', `${path} cannot be read (${code ?? String(cause)}).`, { cause });
}
