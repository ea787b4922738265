import { appendFileSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { AppendOnlyFile } from './append-only-file.js';
import type { FsyncPolicy } from './options.js';

let folder = '';
let path = '';
let prototype: FileHandle;
const files: AppendOnlyFile[] = [];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'taskloom-audit-'));
  path = join(folder, 'below', 'audit.jsonl');
  const handle = await open(folder, 'r');
  prototype = Object.getPrototypeOf(handle) as FileHandle;
  await handle.close();
});
afterEach(async () => {
  jest.restoreAllMocks();
  jest.useRealTimers();
  for (const file of files.splice(0)) await file.close();
  rmSync(folder, { recursive: true, force: true });
});

const append = (fsync: FsyncPolicy = 'never'): AppendOnlyFile => {
  const file = new AppendOnlyFile({ path, fsync, onProblem: () => undefined });
  files.push(file);
  return file;
};
type Write = (bytes: Uint8Array, from?: number, length?: number) => Promise<{ readonly bytesWritten: number }>;
/** Lets something else happen where files are written to, so many times. */
const writesInstead = (times: number, act: (write: Write, bytes: Uint8Array, from?: number) => ReturnType<Write>): void => {
  const write = Reflect.get(prototype, 'write') as Write;
  let left = times;
  const replaced = function (this: FileHandle, bytes: Uint8Array, from?: number): ReturnType<Write> {
    left -= 1;
    if (left === 0) Object.assign(prototype, { write });
    return act(write.bind(this), bytes, from);
  };
  Object.assign(prototype, { write: replaced });
};
const text = (): string => readFileSync(path, 'utf8');

describe('a file of lines', () => {
  it('is made with its folder, grows, and is gone on with', async () => {
    await append().append('one\n');
    await append().append('two\n');

    expect(text()).toBe('one\ntwo\n');
    expect(statSync(path).mode & 0o007).toBe(0);
  });

  it.each([
    ['a piece of a line', 'one\n{"at":"20', 'one\n'],
    ['a piece of the first line', '{"at":"20', ''],
    ['a long piece of a line', `one\n${'x'.repeat(200_000)}`, 'one\n'],
    ['zeros, as a power loss leaves them', `one\ntwo\n${'\0'.repeat(5_000)}`, 'one\ntwo\n'],
  ])('loses %s that a death has left at its end', async (_, left, kept) => {
    await append().open();
    writeFileSync(path, left);
    const file = append();
    await file.open();
    expect(text()).toBe(kept);
    expect(file.size).toBe(kept.length);
    await file.append('more\n');

    expect(text()).toBe(`${kept}more\n`);
  });

  it('holds nothing of an append that failed halfway, as on a full disk', async () => {
    const file = append();
    await file.append('one\n');
    writesInstead(1, async (write) => {
      await write(Buffer.from('tw'));
      throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    });

    await expect(file.append('two\n')).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(text()).toBe('one\ntw');
    await file.append('three\n');
    expect(text()).toBe('one\nthree\n');
  });

  it('writes what the system takes a piece at a time', async () => {
    const file = append();
    await file.open();
    let pieces = 0;
    writesInstead(4, async (write, bytes, from) => {
      pieces += 1;
      return write(bytes, from, 1);
    });
    await file.append('one\n');

    expect(pieces).toBe(4);
    expect(text()).toBe('one\n');
  });

  it('does not count a line that could not be made to last', async () => {
    const file = append('always');
    await file.append('one\n');
    jest.spyOn(prototype, 'datasync').mockRejectedValueOnce(new Error('EIO'));

    await expect(file.append('two\n')).rejects.toThrow('EIO');
    await file.append('two\n');
    expect(text()).toBe('one\ntwo\n');
  });

  it('cuts nothing off a file that somebody has put in its place', async () => {
    const file = append();
    await file.append('one\n');
    writesInstead(1, () => Promise.reject(new Error('EIO')));
    await expect(file.append('two\n')).rejects.toThrow('EIO');
    renameSync(path, `${path}.old`);
    appendFileSync(path, 'other\nlines\n');
    await file.append('two\n');

    expect(text()).toBe('other\nlines\ntwo\n');
  });

  it('is an ordinary file and nothing else', async () => {
    symlinkSync('/dev/null', join(folder, 'null'));
    path = join(folder, 'null');

    await expect(append().open()).rejects.toThrow('null is no ordinary file');
  });

  it('goes on in a new one when it was moved', async () => {
    const file = append();
    await file.append('one\n');
    await file.moveTo(`${path}.1`);
    expect(file.size).toBe(0);
    await file.append('two\n');

    expect(readFileSync(`${path}.1`, 'utf8')).toBe('one\n');
    expect(text()).toBe('two\n');
  });
});

describe('what outlives a power loss', () => {
  it('is every line, before it counts as written, with `always`', async () => {
    const file = append('always');
    await file.open();
    const flushed = jest.spyOn(prototype, 'datasync');
    await file.append('one\n');
    expect(flushed).toHaveBeenCalledTimes(1);
    await file.append('two\n');
    expect(flushed).toHaveBeenCalledTimes(2);
  });

  it('is every line a second later with `every-second`, many at once', async () => {
    const file = append('every-second');
    await file.open();
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    const flushed = jest.spyOn(prototype, 'datasync');
    await file.append('one\n');
    jest.advanceTimersByTime(600);
    await file.append('two\n');
    expect(flushed).not.toHaveBeenCalled();
    jest.advanceTimersByTime(400);
    expect(flushed).toHaveBeenCalledTimes(1);
    await file.append('three\n');
    jest.advanceTimersByTime(1_000);
    expect(flushed).toHaveBeenCalledTimes(2);
  });

  it('is every line when the file is closed or full, and the name of a new file', async () => {
    const [flushed, flushedFolder] = [jest.spyOn(prototype, 'datasync'), jest.spyOn(prototype, 'sync')];
    const file = append('every-second');
    await file.append('one\n');
    expect(flushedFolder).toHaveBeenCalledTimes(1);
    await file.moveTo(`${path}.1`);
    expect(flushed).toHaveBeenCalledTimes(1);
    await file.append('two\n');
    expect(flushedFolder).toHaveBeenCalledTimes(2);
    await file.close();
    expect(flushed).toHaveBeenCalledTimes(2);
  });

  it('is what the system likes with `never`', async () => {
    const [flushed, flushedFolder] = [jest.spyOn(prototype, 'datasync'), jest.spyOn(prototype, 'sync')];
    const file = append('never');
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    await file.append('one\n');
    jest.advanceTimersByTime(5_000);
    await file.moveTo(`${path}.1`);
    await file.close();

    expect(flushed).not.toHaveBeenCalled();
    expect(flushedFolder).not.toHaveBeenCalled();
  });
});
