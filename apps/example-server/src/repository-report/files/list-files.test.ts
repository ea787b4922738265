import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { readablePath } from '../paths/path-text.js';
import { ThrowAwayDirectory, throwAwayRepository } from '../testing/throw-away-repository.js';
import { listFiles } from './list-files.js';

const ODD = [' lead', 'a "quoted" \'one\'', 'dir with space/new\nline', '-dash', '..dots', 'ü', '名前 🧵', '#', '!a', 'back\\slash'];

describe('listing files with git', () => {
  let repository: ThrowAwayDirectory;
  const paths = async (root = repository.root) => (await listFiles(root)).paths;
  beforeEach(() => {
    repository = throwAwayRepository();
  });
  afterEach(() => repository.remove());

  it('lists what is tracked and exists, staged files too, in byte order', async () => {
    for (const path of ['b', 'a/z', 'a-b', 'Z', 'gone', 'ignored.log']) repository.write(path);
    repository.write('.gitignore', '*.log\n');
    repository.commit();
    repository.write('staged');
    repository.git(['add', 'staged']);
    repository.write('untracked');
    rmSync(repository.path('gone'));
    expect(await paths()).toEqual(['.gitignore', 'Z', 'a-b', 'a/z', 'b', 'staged']);
  });

  it('lists an ignored file that is tracked all the same', async () => {
    repository.write('.gitignore', 'kept\n');
    repository.write('kept');
    repository.git(['add', '--force', '.']);
    expect(await paths()).toEqual(['.gitignore', 'kept']);
  });

  it('leaves out symbolic links, submodules, files replaced by links or directories, and files behind a linked directory', async () => {
    const other = throwAwayRepository();
    other.write('inside');
    other.commit();
    for (const path of ['file', 'becomes-link', 'becomes-directory', 'moved/inside', 'module/later']) repository.write(path);
    rmSync(repository.path('module'), { recursive: true });
    symlinkSync('file', repository.path('link'));
    repository.git(['-c', 'protocol.file.allow=always', 'submodule', 'add', '--quiet', other.root, 'module']);
    repository.commit();
    rmSync(repository.path('becomes-link'));
    symlinkSync('file', repository.path('becomes-link'));
    rmSync(repository.path('becomes-directory'));
    mkdirSync(repository.path('becomes-directory'));
    renameSync(repository.path('moved'), repository.path('elsewhere'));
    symlinkSync('elsewhere', repository.path('moved'));
    expect(await paths()).toEqual(['.gitmodules', 'file']);
    other.remove();
  });

  it('lists odd paths as they are, and a path in conflict once', async () => {
    for (const path of ODD) repository.write(path, '1');
    repository.write(Buffer.from([0x72, 0xe9]), '1');
    repository.commit();
    repository.git(['checkout', '--quiet', '-b', 'side']);
    repository.write('ü', '2');
    repository.commit();
    repository.git(['checkout', '--quiet', 'main']);
    repository.write('ü', '3');
    repository.commit();
    expect(() => repository.merge('side')).toThrow('git merge');
    expect((await paths()).map(readablePath).sort()).toEqual([...ODD, 'r\\xE9'].sort());
  });

  it('lists below a root inside the repository alone', async () => {
    repository.write('a');
    repository.write('in/side/b');
    repository.commit();
    expect(await paths(repository.path('in'))).toEqual(['side/b']);
  });

  it('lists nothing in a bare repository, nor before the first file is added', async () => {
    expect(await paths()).toEqual([]);
    repository.write('a');
    repository.commit();
    repository.git(['clone', '--quiet', '--bare', '.', 'bare']);
    expect(await paths(repository.path('bare'))).toEqual([]);
    expect(await paths(repository.path('.git'))).toEqual([]);
  });
});

describe('listing files without git', () => {
  let directory: ThrowAwayDirectory;
  const paths = async () => (await listFiles(directory.root)).paths;
  beforeEach(() => {
    directory = new ThrowAwayDirectory();
  });
  afterEach(() => directory.remove());

  it('lists all but .git, node_modules and links, at any depth', async () => {
    for (const path of ['a', 'b/c', 'node_modules/x/y', 'b/node_modules/z', 'b/.git', '.hidden/d', ...ODD]) directory.write(path);
    directory.write(Buffer.from([0x72, 0xe9]), '1');
    symlinkSync('a', directory.path('link'));
    symlinkSync('b', directory.path('linked-directory'));
    directory.run('mkfifo', ['pipe']);
    expect((await paths()).map(readablePath).sort()).toEqual(['a', 'b/c', '.hidden/d', ...ODD, 'r\\xE9'].sort());
  });

  it('leaves out what the .gitignore files name, as git itself would', async () => {
    const rules: Record<string, string> = {
      '.gitignore':
        '\uFEFF# a comment\n*.log\n!keep.log\n/only-top\nbuild/\n**/deep/*.tmp\n\\#hash\ntrailing \\ \nlater/*\n!later/kept\n*.CASE\n[ab]x\n',
      'sub/.gitignore': '!again.log\n*.txt\nnested/**\n!nested/in/\n',
      'sub/under/.gitignore': '!*.txt\n/only-here\n',
    };
    for (const [path, text] of Object.entries(rules)) directory.write(path, text);
    const files =
      'a.log keep.log sub/a.log sub/again.log sub/under/again.log only-top sub/only-top build/x sub/build/x build.txt x/deep/a.tmp x/deep/y/a.tmp #hash later/gone later/kept ' +
      'low.case UP.CASE ax cx sub/a.txt sub/under/b.txt sub/under/only-here sub/under/more/only-here sub/nested/a sub/nested/in/b .env';
    for (const path of files.split(' ')) directory.write(path);
    const listed = await paths();

    directory.init();
    directory.git(['config', 'core.excludesFile', '/dev/null']);
    const asked = directory.git(['ls-files', '-z', '--others', '--exclude-per-directory=.gitignore']).split('\0').filter(Boolean);
    expect(listed).toEqual(asked.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
    expect(listed).toEqual(expect.arrayContaining(['keep.log', 'sub/again.log', 'later/kept', 'low.case', 'sub/under/b.txt']));
  });

  it('leaves out the files of an earlier report that lie below the root', async () => {
    directory.write('a');
    directory.write('out/report.json');
    const leaveOut = [directory.path('out', 'report.json'), '/elsewhere/a'];
    expect((await listFiles(directory.root, { leaveOut })).paths).toEqual(['a']);
  });

  (process.getuid?.() === 0 ? it.skip : it)('names a directory it could not look into, and lists the rest', async () => {
    directory.write('closed/a');
    directory.write('open/b');
    chmodSync(directory.path('closed'), 0o000);
    expect(await listFiles(directory.root)).toEqual({ paths: ['open/b'], closed: [{ path: 'closed', reason: 'EACCES' }] });
    chmodSync(directory.path('closed'), 0o700);
  });

  it('stops when it is aborted', async () => {
    await expect(listFiles(directory.root, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  });
});
