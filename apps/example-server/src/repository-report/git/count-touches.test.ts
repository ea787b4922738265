import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { renameSync, rmSync } from 'node:fs';
import { readablePath } from '../paths/path-text.js';
import { throwAwayRepository, type ThrowAwayDirectory } from '../testing/throw-away-repository.js';
import { countTouches } from './count-touches.js';

describe('counting the commits that touched a path', () => {
  let repository: ThrowAwayDirectory;
  const count = async (since: string | null = null, root = repository.root) =>
    countTouches({ root, commit: repository.git(['rev-parse', 'HEAD']).trim(), since });
  beforeEach(() => {
    repository = throwAwayRepository();
  });
  afterEach(() => repository.remove());

  it('counts the first commit, changes and deletions, and each author once', async () => {
    repository.write('a', '1');
    repository.commit({ email: 'x@x' });
    rmSync(repository.path('a'));
    repository.commit({ email: 'y@x' });
    repository.write('a', '2');
    repository.commit({ email: 'y@x' });
    expect(await count()).toEqual([{ path: 'a', commits: 3, authors: 2, mainAuthor: 'y@x' }]);
  });

  it('leaves merges out, counts commits of side branches, and does not follow renames', async () => {
    repository.write('old', 'same content in both\n');
    repository.write('other', '1');
    repository.commit();
    repository.git(['checkout', '--quiet', '-b', 'side']);
    renameSync(repository.path('old'), repository.path('new'));
    repository.commit();
    repository.write('other', '2');
    repository.commit();
    repository.write('other', '1');
    repository.commit();
    repository.git(['checkout', '--quiet', 'main']);
    repository.commitIndex();
    repository.merge('side');
    const touches = await count();
    expect(touches.map(({ path, commits }) => [path, commits])).toEqual([
      ['new', 1],
      ['other', 3],
    ]);
    for (const { path, commits } of touches) {
      const log = repository.git(['log', '--full-history', '--no-merges', '--format=%H', '--', path]).trim().split('\n');
      expect(commits).toBe(log.length);
    }
  });

  it('is not misled by settings of the repository', async () => {
    repository.write('sub/old', 'same content in both\n');
    repository.commit();
    renameSync(repository.path('sub/old'), repository.path('sub/new'));
    repository.commit();
    for (const setting of [
      'diff.renames=copies',
      'log.showRoot=false',
      'diff.relative=true',
      'log.showSignature=true',
      'diff.noprefix=true',
      'diff.orderFile=/nowhere',
    ]) {
      const [name, value] = setting.split('=') as [string, string];
      repository.git(['config', name, value]);
    }
    expect(await count()).toMatchObject([{ path: 'sub/new', commits: 1 }]);
  });

  it('counts below the root alone, by paths relative to it', async () => {
    repository.write('in/side/a', '1');
    repository.write('out', '1');
    repository.commit();
    repository.write('out', '2');
    repository.commit();
    expect(await count(null, repository.path('in'))).toMatchObject([{ path: 'side/a', commits: 1 }]);
  });

  it('counts only what was committed since', async () => {
    repository.write('a', '1');
    repository.write('b', '1');
    repository.commit({ authoredAt: '2023-01-01T00:00:00Z' });
    repository.write('a', '2');
    repository.commit({ authoredAt: '2024-01-01T00:00:00Z' });
    expect(await count('2024-01-01')).toMatchObject([{ path: 'a', commits: 1 }]);
  });

  it('keeps odd paths apart: spaces, quotes, newlines, hashes, other scripts and raw bytes', async () => {
    const hash = repository.commitIndex();
    const odd = [' lead', 'a "quoted" \'one\'', 'new\nline', 'tab\there', '-dash', hash, 'A', 'ü', 'u\u0308', '名前 🧵', ':(glob)*', '*'];
    for (const path of odd) repository.write(path, '1');
    repository.write(Buffer.from([0x66, 0xff, 0xe9]), '1');
    repository.commit();
    repository.write(hash, '2');
    repository.commit();
    const touches = await count();
    expect(touches.map(({ path }) => readablePath(path)).sort()).toEqual([...odd, 'f\\xFF\\xE9'].sort());
    expect(touches.find(({ path }) => path === hash)?.commits).toBe(2);
  });

  it('names the author of most commits, the first by bytes where several did', async () => {
    repository.write('a', '1');
    repository.commit({ email: 'z@x' });
    repository.write('a', '2');
    repository.commit({ email: 'b@x' });
    expect((await count())[0]?.mainAuthor).toBe('b@x');
  });

  it('has nothing to count in a bare repository', async () => {
    repository.write('a', '1');
    const commit = repository.commit();
    repository.git(['clone', '--quiet', '--bare', '.', 'bare']);
    expect(await countTouches({ root: repository.path('bare'), commit, since: null })).toEqual([]);
  });
});
