import { z } from 'zod';
import { compareInByteOrder } from '../paths/byte-order.js';
import { readCommits, type HistoryRange } from './read-commits.js';

/** One person, that is one e-mail address after `.mailmap`, exactly as written there. */
export const Author = z.object({
  name: z.string().describe('The name most of the commits carry.'),
  email: z.string(),
  commits: z.number().int().positive().describe('Merges count.'),
  firstCommit: z.string().describe('When the earliest of these commits was authored, ISO 8601 in UTC.'),
  lastCommit: z.string().describe('When the latest of these commits was authored, ISO 8601 in UTC.'),
});

export type Author = z.infer<typeof Author>;

export const History = z.object({
  commits: z.number().int().nonnegative().describe('Commits reachable from HEAD (since the date asked for), merges counted.'),
  authors: z.array(Author).describe('By commits descending, then by e-mail in byte order.'),
});

export type History = z.infer<typeof History>;

/** Counts the commits of a history and gathers their authors. */
export async function readHistory(range: HistoryRange, signal?: AbortSignal): Promise<History> {
  const tallies = new Map<string, AuthorTally>();
  let commits = 0;
  await readCommits(
    range,
    (commit) => {
      commits += 1;
      let tally = tallies.get(commit.email);
      if (tally === undefined) {
        tally = { commits: 0, names: new Map(), first: commit.authoredAt, last: commit.authoredAt };
        tallies.set(commit.email, tally);
      }
      tally.commits += 1;
      tally.names.set(commit.name, (tally.names.get(commit.name) ?? 0) + 1);
      tally.first = Math.min(tally.first, commit.authoredAt);
      tally.last = Math.max(tally.last, commit.authoredAt);
    },
    signal,
  );
  return { commits, authors: [...tallies].map(authorOf).sort(byCommits) };
}

interface AuthorTally {
  commits: number;
  readonly names: Map<string, number>;
  first: number;
  last: number;
}

function authorOf([email, tally]: [string, AuthorTally]): Author {
  const [[name] = ['']] = [...tally.names].sort(([a, countA], [b, countB]) => countB - countA || compareInByteOrder(a, b));
  return { name, email, commits: tally.commits, firstCommit: isoOf(tally.first), lastCommit: isoOf(tally.last) };
}

function byCommits(a: Author, b: Author): number {
  return b.commits - a.commits || compareInByteOrder(a.email, b.email);
}

/** Beyond what a JavaScript date can hold (a commit with a nonsense clock) the nearest moment it can. */
function isoOf(seconds: number): string {
  const limit = 8.64e12;
  return new Date(Math.min(Math.max(seconds, -limit), limit) * 1000).toISOString();
}
