import { readFile, readdir } from 'node:fs/promises';
import { absolutePath } from '../paths/absolute-path.js';
import { compareInByteOrder } from '../paths/byte-order.js';
import { pathOfBytes } from '../paths/path-text.js';
import { systemErrorCode } from '../report-error.js';
import { isIgnored, parseGitignore, type GitignoreRules } from './gitignore-rules.js';

/** Left out wherever they lie, whether a directory or a file (a worktree's `.git` is one). */
const NEVER_LISTED = new Set(['.git', 'node_modules']);

/** A directory that could not be looked into. */
export interface ClosedDirectory {
  readonly path: string;
  /** The system's code, such as `EACCES`. */
  readonly reason: string;
}

export interface Walk {
  /** Regular files in byte order, relative to the root. */
  readonly paths: string[];
  readonly closed: ClosedDirectory[];
}

/**
 * All regular files below `root` but `.git`, `node_modules` and what a `.gitignore` at or below the root names. Symbolic links are neither
 * listed nor followed; sockets, pipes and devices are no files. Rules above the root and a user's global ones are not looked at.
 */
export async function walkFiles(root: string, signal?: AbortSignal): Promise<Walk> {
  const walk: Walk = { paths: [], closed: [] };
  const pending: Visit[] = [{ directory: '', above: [] }];
  for (let visit = pending.pop(); visit !== undefined; visit = pending.pop()) {
    signal?.throwIfAborted();
    pending.push(...(await visitDirectory(root, visit, walk)));
  }
  walk.paths.sort(compareInByteOrder);
  walk.closed.sort((a, b) => compareInByteOrder(a.path, b.path));
  return walk;
}

interface Visit {
  readonly directory: string;
  /** The `.gitignore` files of the directories above, from the root downwards. */
  readonly above: readonly GitignoreRules[];
}

/** Adds the files of one directory to `walk` and gives the directories to visit below it. */
async function visitDirectory(root: string, { directory, above }: Visit, walk: Walk): Promise<Visit[]> {
  const at = directory === '' ? Buffer.from(root, 'utf8') : absolutePath(root, directory);
  const entries = await readdir(at, { withFileTypes: true, encoding: 'buffer' }).catch((error: unknown) => {
    walk.closed.push({ path: directory === '' ? '.' : directory, reason: systemErrorCode(error) ?? 'unreadable' });
    return [];
  });
  const named = entries.map((entry) => ({ entry, name: pathOfBytes(entry.name) }));
  const hasRules = named.some(({ entry, name }) => name === '.gitignore' && entry.isFile());
  const chain = hasRules ? await withRulesOf(root, directory, above) : above;
  const below: Visit[] = [];
  for (const { entry, name } of named) {
    const path = directory === '' ? name : `${directory}/${name}`;
    if (NEVER_LISTED.has(name) || isIgnored(chain, path, entry.isDirectory())) continue;
    if (entry.isDirectory()) below.push({ directory: path, above: chain });
    else if (entry.isFile()) walk.paths.push(path);
  }
  return below;
}

/** A `.gitignore` that cannot be read names nothing; it is listed as a file and reported as unreadable when it is analysed. */
async function withRulesOf(root: string, directory: string, above: readonly GitignoreRules[]): Promise<readonly GitignoreRules[]> {
  const path = directory === '' ? '.gitignore' : `${directory}/.gitignore`;
  const text = await readFile(absolutePath(root, path), 'utf8').catch(() => '');
  return [...above, parseGitignore(directory, text)];
}
