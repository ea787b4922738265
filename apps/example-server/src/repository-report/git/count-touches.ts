import { z } from 'zod';
import { compareInByteOrder } from '../paths/byte-order.js';
import { bytesOfPath } from '../paths/path-text.js';
import { listTrackedFiles } from './list-tracked-files.js';
import { readCommits, type HistoryRange } from './read-commits.js';
import { readGitRecords } from './run-git.js';

/** How often, and by whom, one path was changed. */
export const PathTouches = z.object({
  path: z.string(),
  commits: z.number().int().positive().describe('Commits that changed this path; merges left out, renames not followed.'),
  authors: z.number().int().positive().describe('How many e-mail addresses made them.'),
  mainAuthor: z.string().describe('The address that made most of them; the first in byte order where several did.'),
});

export type PathTouches = z.infer<typeof PathTouches>;

const INPUT_HASHES = 512;

/**
 * Counts, for each file git tracks below the root today, the commits that changed it, in byte order of the paths. Files no commit of the range
 * touched are left out, and so are paths that are gone: a report needs neither, and the answer stays small.
 *
 * A commit counts wherever it lies in the history, so numbers may be higher than `git log -- path` shows, which by default leaves out side
 * branches that a merge made irrelevant (`git log --full-history --no-merges -- path` agrees).
 */
export async function countTouches(range: HistoryRange, signal?: AbortSignal): Promise<PathTouches[]> {
  const [tracked, changes] = await Promise.all([listTrackedFiles(range.root, signal), readChanges(range, signal)]);
  const tallies = new Map(tracked.map((path) => [rawKey(bytesOfPath(path)), { path, byAuthor: new Map<string, number>() }]));
  await readTouchedPaths(range.root, [...changes.keys()], signal, (hash, rawPath) => {
    const email = changes.get(hash);
    const tally = tallies.get(rawKey(rawPath));
    if (email !== undefined && tally !== undefined) tally.byAuthor.set(email, (tally.byAuthor.get(email) ?? 0) + 1);
  });
  return [...tallies.values()]
    .filter((tally) => tally.byAuthor.size > 0)
    .map((tally) => touchesOf(tally.path, tally.byAuthor))
    .sort((a, b) => compareInByteOrder(a.path, b.path));
}

/** The commits of the range that are no merges, with their author's e-mail. */
async function readChanges(range: HistoryRange, signal: AbortSignal | undefined): Promise<Map<string, string>> {
  const changes = new Map<string, string>();
  await readCommits(
    range,
    (commit) => {
      if (!commit.isMerge) changes.set(commit.hash, commit.email);
    },
    signal,
  );
  return changes;
}

/**
 * Has git compare each commit with its parent, in one process. `diff-tree` is plumbing: no setting of the user changes its answer.
 * Its records are `<hash>`, then per changed path a status letter and the path; the letter keeps a path that looks like a hash apart.
 */
async function readTouchedPaths(
  root: string,
  hashes: readonly string[],
  signal: AbortSignal | undefined,
  onTouch: (hash: string, rawPath: Buffer) => void,
): Promise<void> {
  const args = ['diff-tree', '--stdin', '-r', '-z', '--root', '--no-renames', '--name-status', '--relative'];
  let hash = '';
  let expectsPath = false;
  await readGitRecords({ cwd: root, args, input: hashLines(hashes), signal }, (record) => {
    if (expectsPath) onTouch(hash, record);
    else if (record.length > 1) hash = record.toString('latin1');
    expectsPath = !expectsPath && record.length === 1;
  });
}

function* hashLines(hashes: readonly string[]): Generator<string> {
  for (let start = 0; start < hashes.length; start += INPUT_HASHES) {
    yield `${hashes.slice(start, start + INPUT_HASHES).join('\n')}\n`;
  }
}

function touchesOf(path: string, byAuthor: ReadonlyMap<string, number>): PathTouches {
  let commits = 0;
  let mainAuthor = '';
  let most = 0;
  for (const [email, count] of byAuthor) {
    commits += count;
    if (count > most || (count === most && compareInByteOrder(email, mainAuthor) < 0)) {
      mainAuthor = email;
      most = count;
    }
  }
  return { path, commits, authors: byAuthor.size, mainAuthor };
}

/** One character per byte: exact for paths that are no valid UTF-8, and cheaper than decoding each of them. */
function rawKey(bytes: Buffer): string {
  return bytes.toString('latin1');
}
