import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { throwAwayRepository, type ThrowAwayDirectory } from '../testing/throw-away-repository.js';
import { readHistory } from './read-history.js';

describe('reading the history', () => {
  let repository: ThrowAwayDirectory;
  const read = async (since: string | null = null) =>
    readHistory({ root: repository.root, commit: repository.git(['rev-parse', 'HEAD']).trim(), since });
  beforeEach(() => {
    repository = throwAwayRepository();
  });
  afterEach(() => repository.remove());

  it('counts every commit that can be reached, merges included', async () => {
    repository.commitIndex();
    repository.git(['checkout', '--quiet', '-b', 'side']);
    repository.commitIndex({ message: 'on the side' });
    repository.git(['checkout', '--quiet', 'main']);
    repository.commitIndex({ message: 'on main' });
    repository.merge('side');
    repository.git(['checkout', '--quiet', '-b', 'unreachable']);
    repository.commitIndex();
    repository.git(['checkout', '--quiet', 'main']);
    const history = await read();
    expect(history.commits).toBe(4);
    expect(history.commits).toBe(Number(repository.git(['rev-list', '--count', 'HEAD'])));
  });

  it('takes one e-mail after .mailmap for one author, under the name most commits carry', async () => {
    repository.write('.mailmap', 'Ada Lovelace <ada@example.com> <ada@old.example>\n');
    repository.commit({ author: 'ada', email: 'ada@old.example', authoredAt: '2020-05-05T05:05:05+05:00' });
    repository.commitIndex({ author: 'A. L.', email: 'ada@example.com', authoredAt: '2019-01-01T00:00:00Z' });
    repository.commitIndex({ author: 'Al', email: 'ADA@example.com', authoredAt: '2021-01-01T00:00:00Z' });
    repository.commitIndex({ author: 'ada', email: 'ada@old.example', authoredAt: '2020-06-06T00:00:00Z' });
    const { authors } = await read();
    expect(authors).toEqual([
      {
        name: 'Ada Lovelace',
        email: 'ada@example.com',
        commits: 3,
        firstCommit: '2019-01-01T00:00:00.000Z',
        lastCommit: '2020-06-06T00:00:00.000Z',
      },
      { name: 'Al', email: 'ADA@example.com', commits: 1, firstCommit: '2021-01-01T00:00:00.000Z', lastCommit: '2021-01-01T00:00:00.000Z' },
    ]);
    // A .mailmap line without the old name maps addresses in any case; git agrees when it is asked itself.
    const asked = repository.git(['log', '--format=%aE']).trim().split('\n');
    expect(authors.map(({ email, commits }) => [email, commits])).toEqual(
      [...new Set(asked)].map((email) => [email, asked.filter((one) => one === email).length]).sort((a, b) => Number(b[1]) - Number(a[1])),
    );
  });

  it('orders authors by commits, then by the bytes of their e-mail', async () => {
    for (const email of ['b@x', 'Z@x', 'ä@x', 'a@x', 'b@x']) repository.commitIndex({ email });
    expect((await read()).authors.map(({ email }) => email)).toEqual(['b@x', 'Z@x', 'a@x', 'ä@x']);
  });

  it('compares since with the time of committing, to the second and inclusively', async () => {
    repository.commitIndex({ email: 'old@x', authoredAt: '2024-03-01T00:00:00Z', committedAt: '2023-12-31T23:59:59Z' });
    repository.commitIndex({ email: 'new@x', authoredAt: '2023-01-01T00:00:00Z', committedAt: '2024-01-01T00:00:00Z' });
    const { commits, authors } = await read('2024-01-01');
    expect(commits).toBe(1);
    expect(authors).toMatchObject([{ email: 'new@x', firstCommit: '2023-01-01T00:00:00.000Z' }]);
    expect((await read('2024-01-01T00:00:01Z')).commits).toBe(0);
    expect((await read('2024-01-01T01:00:00+01:00')).commits).toBe(1);
  });

  it('finds newer commits behind one whose clock was wrong', async () => {
    for (let count = 0; count < 12; count++) repository.commitIndex({ authoredAt: '2024-06-01T00:00:00Z' });
    for (let count = 0; count < 12; count++) repository.commitIndex({ authoredAt: '1999-01-01T00:00:00Z' });
    expect((await read('2024-01-01')).commits).toBe(12);
  });

  it('reads names with odd characters, and none at all', async () => {
    repository.commitIndex({ author: '<b>|`\'"\u202e 名前', email: 'odd@x' });
    repository.commitIndex({ author: 'x', email: '' });
    const { authors } = await read();
    expect(authors.map(({ email }) => email)).toEqual(['', 'odd@x']);
    expect(authors[1]?.name).toContain('名前');
  });

  it('refuses what is no hash, so that nothing else reaches git', async () => {
    const call = readHistory({ root: repository.root, commit: '--output=/tmp/x', since: null });
    await expect(call).rejects.toMatchObject({ code: 'COMMIT_NOT_A_HASH' });
  });

  it('stops when it is aborted', async () => {
    repository.commitIndex();
    const commit = repository.git(['rev-parse', 'HEAD']).trim();
    const reason = new Error('enough');
    await expect(readHistory({ root: repository.root, commit, since: null }, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
