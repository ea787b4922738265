import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ThrowAwayDirectory, throwAwayRepository } from '../testing/throw-away-repository.js';
import { identifyRepository, RepositoryIdentity } from './identify-repository.js';

const isRoot = process.getuid?.() === 0;

describe('identifying a repository', () => {
  let repository: ThrowAwayDirectory;
  beforeEach(() => {
    repository = throwAwayRepository();
  });
  afterEach(() => repository.remove());

  it('gives name, root, commit and branch', async () => {
    repository.write('a');
    const commit = repository.commit();
    const identity = await identifyRepository(repository.root);
    expect(identity).toEqual({
      name: basename(repository.root),
      root: repository.root,
      git: 'work-tree',
      commit,
      branch: 'main',
      subdirectory: null,
      shallow: false,
      noHistoryReason: null,
    });
    expect(RepositoryIdentity.parse(identity)).toEqual(identity);
  });

  it('has no branch when HEAD is detached', async () => {
    repository.write('a');
    const commit = repository.commit();
    repository.git(['checkout', '--quiet', '--detach']);
    expect(await identifyRepository(repository.root)).toMatchObject({ commit, branch: null });
  });

  it('keeps a branch name with slashes whole, even beside a tag of that name', async () => {
    repository.write('a');
    repository.commit();
    repository.git(['checkout', '--quiet', '-b', 'feature/ä-1']);
    repository.git(['tag', 'feature/ä-1']);
    expect(await identifyRepository(repository.root)).toMatchObject({ branch: 'feature/ä-1' });
  });

  it('has a branch but no commit before the first one', async () => {
    const identity = await identifyRepository(repository.root);
    expect(identity).toMatchObject({ git: 'work-tree', commit: null, branch: 'main', noHistoryReason: 'no commit yet' });
  });

  it('takes a directory without git for what it is', async () => {
    const plain = new ThrowAwayDirectory();
    const identity = await identifyRepository(plain.root);
    expect(identity).toMatchObject({ git: 'none', commit: null, branch: null, noHistoryReason: 'no git repository' });
    plain.remove();
  });

  it('takes a directory whose .git leads nowhere for one without git', async () => {
    const plain = new ThrowAwayDirectory();
    plain.write('.git', 'gitdir: /nowhere/at/all\n');
    expect(await identifyRepository(plain.root)).toMatchObject({ git: 'none' });
    plain.remove();
  });

  it('reads a bare repository, its name without ".git"', async () => {
    repository.write('a');
    const commit = repository.commit();
    const bare = new ThrowAwayDirectory();
    repository.git(['clone', '--quiet', '--bare', '.', bare.path('thing.git')]);
    const identity = await identifyRepository(bare.path('thing.git'));
    expect(identity).toMatchObject({ name: 'thing', git: 'bare', commit, branch: 'main' });
    bare.remove();
  });

  it('reads a linked worktree with its own branch', async () => {
    repository.write('a');
    repository.commit();
    const place = new ThrowAwayDirectory();
    repository.git(['worktree', 'add', '--quiet', '-b', 'other', place.path('tree')]);
    expect(await identifyRepository(place.path('tree'))).toMatchObject({ name: 'tree', git: 'work-tree', branch: 'other' });
    place.remove();
  });

  it('knows where a root lies below the top, whatever its name', async () => {
    repository.write('pack ages/new\nline/ü/a');
    repository.commit();
    const identity = await identifyRepository(repository.path('pack ages', 'new\nline', 'ü'));
    expect(identity).toMatchObject({ git: 'work-tree', name: 'ü', subdirectory: 'pack ages/new\nline/ü' });
  });

  it('takes a directory in which git tracks nothing for one without git', async () => {
    repository.write('.gitignore', 'build\n');
    repository.write('build/out.js');
    repository.commit();
    const identity = await identifyRepository(repository.path('build'));
    expect(identity).toMatchObject({ git: 'none', commit: null, noHistoryReason: 'git tracks nothing in this directory' });
  });

  it('sees that a clone is shallow', async () => {
    for (let count = 0; count < 3; count++) repository.commitIndex();
    const clone = new ThrowAwayDirectory();
    repository.git(['clone', '--quiet', '--depth', '1', `file://${repository.root}`, clone.path('it')]);
    expect(await identifyRepository(clone.path('it'))).toMatchObject({ shallow: true });
    clone.remove();
  });

  it('names a path that is missing or no directory', async () => {
    repository.write('file');
    await expect(identifyRepository(repository.path('nothing'))).rejects.toMatchObject({ code: 'ROOT_NOT_FOUND' });
    await expect(identifyRepository(repository.path('file'))).rejects.toMatchObject({ code: 'ROOT_NOT_DIRECTORY' });
    await expect(identifyRepository(repository.path('file', 'below'))).rejects.toMatchObject({ code: 'ROOT_NOT_DIRECTORY' });
  });

  (isRoot ? it.skip : it)('names a directory it may not read', async () => {
    mkdirSync(repository.path('closed'));
    chmodSync(repository.path('closed'), 0o000);
    await expect(identifyRepository(repository.path('closed'))).rejects.toMatchObject({ code: 'ROOT_NOT_READABLE' });
    chmodSync(repository.path('closed'), 0o700);
  });

  (isRoot ? it : it.skip)('explains a repository of another user', async () => {
    repository.write('a');
    repository.commit();
    repository.run('chown', ['-R', '54321', '.']);
    await expect(identifyRepository(repository.root)).rejects.toMatchObject({
      code: 'GIT_UNSAFE_DIRECTORY',
      message: expect.stringContaining(`git config --global --add safe.directory ${repository.root}`),
    });
  });

  it('needs git where there is a .git, and does without where there is none', async () => {
    const path = process.env['PATH'];
    const plain = new ThrowAwayDirectory();
    writeFileSync(join(plain.root, 'a'), '');
    try {
      process.env['PATH'] = plain.root;
      await expect(identifyRepository(repository.root)).rejects.toMatchObject({ code: 'GIT_NOT_INSTALLED' });
      expect(await identifyRepository(plain.root)).toMatchObject({ git: 'none' });
    } finally {
      process.env['PATH'] = path;
      plain.remove();
    }
  });
});
