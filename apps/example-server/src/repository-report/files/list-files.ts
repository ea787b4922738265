import { relative, resolve, sep } from 'node:path';
import { z } from 'zod';
import { identifyRepository } from '../git/identify-repository.js';
import { listTrackedFiles } from '../git/list-tracked-files.js';
import { compareInByteOrder } from '../paths/byte-order.js';
import { ReportError } from '../report-error.js';
import { presentFiles } from './present-files.js';
import { walkFiles } from './walk-files.js';

/** The files a report is over. */
export const FileList = z.object({
  paths: z.array(z.string()).describe('Relative to the root, in byte order, "/" between the parts.'),
  closed: z
    .array(z.object({ path: z.string(), reason: z.string() }))
    .describe('Directories that could not be looked into, with the code of the system; without git only.'),
});

export type FileList = z.infer<typeof FileList>;

export interface ListFilesOptions {
  /** Files not to list though they lie below the root, as absolute paths: a report does not count the files it writes. */
  readonly leaveOut?: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

/**
 * Lists the files below `root`: with git those it tracks and that exist in the working tree as regular files, elsewhere all but `.git`,
 * `node_modules` and what a `.gitignore` names. Symbolic links and submodules are left out; a bare repository has no files.
 *
 * @throws ReportError ROOT_… and GIT_…, as identifyRepository
 */
export async function listFiles(root: string, options: ListFilesOptions = {}): Promise<FileList> {
  const { signal, leaveOut = [] } = options;
  const repository = await identifyRepository(root, signal);
  if (repository.git === 'bare') return { paths: [], closed: [] };
  if (repository.git === 'work-tree') {
    const tracked = await listTrackedFiles(repository.root, signal);
    return { paths: (await presentFiles(repository.root, tracked, signal)).sort(compareInByteOrder), closed: [] };
  }
  const walk = await walkFiles(repository.root, signal);
  const rootItself = walk.closed.find(({ path }) => path === '.');
  if (rootItself !== undefined) {
    throw new ReportError('ROOT_NOT_READABLE', `${repository.root} cannot be read (${rootItself.reason}).`);
  }
  const own = new Set(leaveOut.map((path) => relative(repository.root, resolve(path)).split(sep).join('/')));
  return { paths: walk.paths.filter((path) => !own.has(path)), closed: walk.closed };
}
