import { ReportError } from '../report-error.js';
import { readGitRecords } from './run-git.js';
import { sinceInSeconds, type Since } from './since.js';

/** Which history to read. */
export interface HistoryRange {
  /** A directory inside the repository (or a bare one). */
  readonly root: string;
  /** Full hash of the newest commit: what is reachable from it counts, so that a report continued later still speaks of the same history. */
  readonly commit: string;
  readonly since: Since | null;
}

/** One commit, as far as the report asks. Times are seconds since 1970 UTC. */
export interface Commit {
  readonly hash: string;
  readonly isMerge: boolean;
  readonly committedAt: number;
  readonly authoredAt: number;
  /** Name and e-mail of the author as `.mailmap` gives them. */
  readonly name: string;
  readonly email: string;
}

const FIELDS = ['%H', '%P', '%ct', '%at', '%aN', '%aE'];

/**
 * Hands over every commit reachable from `range.commit`, merges included, newest first as git walks.
 *
 * `since` compares the time of committing, like git's `--since`, but commit by commit: git stops its walk at old commits and so may miss a
 * newer one behind a commit with a wrong clock.
 */
export async function readCommits(range: HistoryRange, onCommit: (commit: Commit) => void, signal?: AbortSignal): Promise<void> {
  const { root, since } = range;
  const hash = checkHash(range.commit);
  const earliest = since === null ? Number.NEGATIVE_INFINITY : sinceInSeconds(since);
  const format = `--format=${FIELDS.join('%x00')}`;
  const args = ['log', '-z', '--no-patch', '--no-notes', '--encoding=UTF-8', format, hash, '--'];
  const fields: string[] = [];
  await readGitRecords({ cwd: root, args, signal }, (record) => {
    fields.push(record.toString('utf8'));
    if (fields.length < FIELDS.length) return;
    const commit = commitOf(fields);
    fields.length = 0;
    if (commit.committedAt >= earliest) onCommit(commit);
  });
}

function commitOf(fields: readonly string[]): Commit {
  const [hash = '', parents = '', committedAt, authoredAt, name = '', email = ''] = fields;
  return {
    hash,
    isMerge: parents.includes(' '),
    committedAt: secondsOf(committedAt),
    authoredAt: secondsOf(authoredAt),
    name,
    email,
  };
}

/** Damaged commits have no readable time; they count as made at the epoch, as git shows them. */
function secondsOf(text: string | undefined): number {
  const seconds = Number(text);
  return Number.isSafeInteger(seconds) ? seconds : 0;
}

function checkHash(commit: string): string {
  if (!/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(commit)) {
    throw new ReportError('COMMIT_NOT_A_HASH', `${JSON.stringify(commit)} is not the full hash of a commit.`);
  }
  return commit;
}
