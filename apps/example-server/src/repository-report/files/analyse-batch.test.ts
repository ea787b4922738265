import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { pathOfBytes } from '../paths/path-text.js';
import { ThrowAwayDirectory } from '../testing/throw-away-repository.js';
import { analyseBatch, BatchStats } from './analyse-batch.js';

describe('analysing a batch of files', () => {
  let directory: ThrowAwayDirectory;
  const analyse = async (...paths: string[]) => analyseBatch({ root: directory.root, paths });
  beforeEach(() => {
    directory = new ThrowAwayDirectory();
  });
  afterEach(() => directory.remove());

  it('measures text and binary files', async () => {
    directory.write('a.ts', 'const a = 1;\n// TODO: b');
    directory.write('empty.py', '');
    directory.write('image.png', Buffer.from([1, 0, 2, 10, 10]));
    const stats = await analyse('a.ts', 'empty.py', 'image.png');
    expect(stats).toEqual({
      texts: [
        { path: 'a.ts', language: 'TypeScript', lines: 2, bytes: 23 },
        { path: 'empty.py', language: 'Python', lines: 0, bytes: 0 },
      ],
      binaries: [{ path: 'image.png', bytes: 5 }],
      unreadable: [],
      gone: [],
      todos: [{ path: 'a.ts', line: 2, tag: 'TODO', text: '// TODO: b' }],
      todosLeftOut: 0,
    });
    expect(BatchStats.parse(JSON.parse(JSON.stringify(stats)))).toEqual(stats);
  });

  it('calls a file binary for a NUL among its first 8,000 bytes, not after', async () => {
    const bytes = Buffer.alloc(9000, 'a\n');
    directory.write('at-7999', Buffer.from(bytes).fill(0, 7999, 8000));
    directory.write('at-8000', Buffer.from(bytes).fill(0, 8000, 8001));
    const stats = await analyse('at-7999', 'at-8000');
    expect(stats.binaries).toEqual([{ path: 'at-7999', bytes: 9000 }]);
    expect(stats.texts).toMatchObject([{ path: 'at-8000', bytes: 9000, lines: 4500 }]);
  });

  it('reports files that went away or changed their kind, and measures the others', async () => {
    directory.write('here', 'x');
    directory.write('deleted', 'x');
    rmSync(directory.path('deleted'));
    mkdirSync(directory.path('directory'));
    symlinkSync('here', directory.path('link'));
    directory.run('mkfifo', ['pipe']);
    const stats = await analyse('deleted', 'directory', 'here', 'link', 'pipe', 'here/below');
    expect(stats.gone).toEqual(['deleted', 'directory', 'link', 'pipe', 'here/below']);
    expect(stats.texts).toMatchObject([{ path: 'here' }]);
  });

  (process.getuid?.() === 0 ? it.skip : it)('reports a file it may not read, with its size', async () => {
    directory.write('secret', 'four');
    chmodSync(directory.path('secret'), 0o000);
    expect((await analyse('secret')).unreadable).toEqual([{ path: 'secret', bytes: 4, reason: 'EACCES' }]);
  });

  it('reads paths that are no valid UTF-8', async () => {
    const raw = Buffer.from([0x61, 0xff, 0x2e, 0x63]);
    directory.write(raw, 'int x;\n');
    expect((await analyse(pathOfBytes(raw))).texts).toMatchObject([{ language: 'C', lines: 1 }]);
  });

  it('keeps its answer small when a file is nothing but markers, and counts the rest', async () => {
    directory.write('words', 'TODO\n'.repeat(120_000));
    const stats = await analyse('words');
    expect(JSON.stringify(stats).length).toBeLessThan(700_000);
    expect(stats.todos.length).toBeGreaterThan(4000);
    expect(stats.todos.length + stats.todosLeftOut).toBe(120_000);
  });

  it('agrees with wc and grep on a file of 60 MB', async () => {
    const block = Buffer.from(`${'0123456789 '.repeat(9)}\n// FIXME: soon, ÄTODO not\n`);
    directory.write('large.c', Buffer.concat(Array.from({ length: 480_000 }, () => block)));
    const [file] = (await analyse('large.c')).texts;
    expect(`${file?.lines} ${file?.bytes}`).toBe(directory.run('sh', ['-c', 'echo $(wc -lc <large.c)']).toString().trim());
  }, 60_000);

  it('refuses more than 200 files and paths outside the root', async () => {
    await expect(analyse(...Array.from({ length: 201 }, (_, index) => `${index}`))).rejects.toMatchObject({ code: 'BATCH_TOO_LARGE' });
    await expect(analyse('../etc')).rejects.toMatchObject({ code: 'PATH_OUTSIDE_ROOT' });
  });

  it('stops when it is aborted', async () => {
    directory.write('a', 'x');
    const call = analyseBatch({ root: directory.root, paths: ['a'] }, AbortSignal.abort(new Error('enough')));
    await expect(call).rejects.toThrow('enough');
  });
});
