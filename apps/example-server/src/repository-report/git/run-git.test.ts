import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { throwAwayRepository, type ThrowAwayDirectory } from '../testing/throw-away-repository.js';
import { explainGitFailure } from './explain-git-failure.js';
import { readGitRecords, tryGit } from './run-git.js';

describe('running git', () => {
  let repository: ThrowAwayDirectory;
  beforeEach(() => {
    repository = throwAwayRepository();
    repository.write('a', '1');
    repository.commit();
  });
  afterEach(() => repository.remove());

  it('is not turned to another repository by the variables a git hook sets', async () => {
    const other = throwAwayRepository();
    const before = { ...process.env };
    try {
      Object.assign(process.env, { GIT_DIR: other.path('.git'), GIT_WORK_TREE: other.root, GIT_INDEX_FILE: '/nowhere' });
      const { stdout } = await tryGit({ cwd: repository.root, args: ['ls-files', '-z'] });
      expect(stdout.toString()).toBe('a\0');
    } finally {
      for (const name of ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE']) delete process.env[name];
      Object.assign(process.env, before);
      other.remove();
    }
  });

  it('runs no program the repository names in its configuration', async () => {
    repository.write('hook.sh', '#!/bin/sh\ntouch "$(dirname "$0")/was-run"\n');
    repository.run('chmod', ['+x', 'hook.sh']);
    repository.git(['config', 'core.fsmonitor', repository.path('hook.sh')]);
    await tryGit({ cwd: repository.root, args: ['ls-files', '-z', '--modified'] });
    expect(repository.run('ls', []).toString()).not.toContain('was-run');
  });

  it('gives the exit code and what git said, in English', async () => {
    const result = await tryGit({ cwd: repository.root, args: ['rev-parse', '--verify', 'nothing'] });
    expect(result).toMatchObject({ exitCode: 128, stderr: expect.stringContaining('fatal: Needed a single revision') });
  });

  it('rejects with a code and the command when a stream of records fails', async () => {
    const call = readGitRecords({ cwd: repository.root, args: ['ls-tree', 'nothing'] }, () => undefined);
    await expect(call).rejects.toMatchObject({ code: 'GIT_FAILED', message: expect.stringContaining('git ls-tree nothing') });
  });

  it('stops git as soon as a reader has enough', async () => {
    const seen: string[] = [];
    for (const name of 'bcdefgh') repository.write(name);
    repository.git(['add', '--all']);
    await readGitRecords({ cwd: repository.root, args: ['ls-files', '-z'] }, (record) => {
      seen.push(record.toString());
      return seen.length < 3;
    });
    expect(seen).toEqual(['a', 'b', 'c']);
  });

  it('passes on what a reader throws', async () => {
    const call = readGitRecords({ cwd: repository.root, args: ['ls-files', '-z'] }, () => {
      throw new Error('from the reader');
    });
    await expect(call).rejects.toThrow('from the reader');
  });

  it('ends git and rejects with the reason when it is aborted', async () => {
    const controller = new AbortController();
    const reason = new Error('cancelled by a test');
    // Without input this git waits for ever.
    function* slowly(): Generator<string> {
      yield '';
      controller.abort(reason);
    }
    const call = tryGit({ cwd: repository.root, args: ['cat-file', '--batch'], input: slowly(), signal: controller.signal });
    await expect(call).rejects.toBe(reason);
    await expect(tryGit({ cwd: repository.root, args: ['version'], signal: controller.signal })).rejects.toBe(reason);
  });

  it('says that git is missing when there is none', async () => {
    const path = process.env['PATH'];
    try {
      process.env['PATH'] = repository.root;
      await expect(tryGit({ cwd: repository.root, args: ['version'] })).rejects.toMatchObject({ code: 'GIT_NOT_INSTALLED' });
    } finally {
      process.env['PATH'] = path;
    }
  });
});

describe('explaining a failure of git', () => {
  it('tells how to allow a directory that belongs to another user', () => {
    const stderr = "fatal: detected dubious ownership in repository at '/srv/it is'\nTo add an exception …";
    const error = explainGitFailure({ args: ['rev-parse'], cwd: '/srv/it is/src', exitCode: 128, stderr });
    expect(error.code).toBe('GIT_UNSAFE_DIRECTORY');
    expect(error.message).toContain("git config --global --add safe.directory '/srv/it is'");
  });

  it('quotes what git said last', () => {
    const error = explainGitFailure({ args: ['log', '-z'], cwd: '/r', exitCode: 128, stderr: 'warning: x\nfatal: bad object HEAD\n' });
    expect(error).toMatchObject({ code: 'GIT_FAILED', message: expect.stringContaining('"git log -z" in /r ended with 128') });
    expect(error.message).toContain('fatal: bad object HEAD');
  });
});
