import { mkdir, open, rename, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

import type { FsyncPolicy } from './options.js';

export interface AppendOnlyFileOptions {
  readonly path: string;
  readonly fsync: FsyncPolicy;
  /** Told of a flush in the background that failed. */
  readonly onProblem: (problem: Error) => void;
}

/** The owner writes, the group may read: for whoever ships logs. */
const MODE = 0o640;
const FLUSH_AFTER_MS = 1_000;
const CHUNK_BYTES = 65_536;
const LINE_FEED = 10;

/** The whole lines that are known of a file. */
interface Known {
  readonly inode: number;
  readonly bytes: number;
}

/**
 * A file of lines that only grows. An append that has resolved outlives the death of the process; one that has failed leaves
 * nothing: what there is of its line is cut off before anything else is written.
 */
export class AppendOnlyFile {
  private handle: FileHandle | null = null;
  private known: Known | null = null;
  private stopTimer: (() => void) | null = null;

  constructor(private readonly options: AppendOnlyFileOptions) {}

  /** Bytes of whole lines. */
  get size(): number {
    return this.known?.bytes ?? 0;
  }

  /** Makes the file, if need be, and cuts off a line that was not finished. */
  async open(): Promise<void> {
    await this.opened();
  }

  async append(line: string): Promise<void> {
    try {
      const { handle, known } = await this.opened();
      const bytes = Buffer.from(line);
      for (let done = 0; done < bytes.length;) done += (await handle.write(bytes, done)).bytesWritten;
      if (this.options.fsync === 'always') await handle.datasync();
      else if (this.options.fsync === 'every-second') this.flushSoon();
      this.known = { ...known, bytes: known.bytes + bytes.length };
    } catch (error) {
      // Whatever is wrong with it, the next append begins with what the path leads to then.
      await this.letGo();
      throw error;
    }
  }

  /** Gives the file another name. The next append begins a new one. */
  async moveTo(path: string): Promise<void> {
    await this.close();
    await rename(this.options.path, path);
    this.known = null;
  }

  async close(): Promise<void> {
    if (this.options.fsync !== 'never') await this.handle?.datasync();
    await this.letGo();
  }

  private async opened(): Promise<{ readonly handle: FileHandle; readonly known: Known }> {
    if (this.handle && this.known) return { handle: this.handle, known: this.known };
    const { path, fsync } = this.options;
    await mkdir(dirname(path), { recursive: true });
    const handle = await open(path, 'a+', MODE);
    try {
      if (!(await handle.stat()).isFile()) throw new Error(`${path} is no ordinary file`);
      const known = await cutToLines(handle, this.known);
      if (known.bytes === 0 && fsync !== 'never') await flushFolder(dirname(path));
      this.handle = handle;
      this.known = known;
      return { handle, known };
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  private flushSoon(): void {
    if (this.stopTimer) return;
    const timer = setTimeout(() => {
      this.stopTimer = null;
      this.handle?.datasync().catch(this.options.onProblem);
    }, FLUSH_AFTER_MS);
    timer.unref();
    this.stopTimer = () => clearTimeout(timer);
  }

  private async letGo(): Promise<void> {
    const { handle } = this;
    this.handle = null;
    this.stopTimer?.();
    this.stopTimer = null;
    await handle?.close().catch(() => undefined);
  }
}

/** Cuts off the piece of a line at the end, and what an append that failed has left of the same file. */
async function cutToLines(handle: FileHandle, before: Known | null): Promise<Known> {
  const { size, ino } = await handle.stat();
  const bytes = before?.inode === ino ? Math.min(before.bytes, size) : await endOfLines(handle, size);
  if (bytes < size) await handle.truncate(bytes);
  return { inode: ino, bytes };
}

/** Where the last whole line ends. */
async function endOfLines(handle: FileHandle, size: number): Promise<number> {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - CHUNK_BYTES);
    const { bytesRead } = await handle.read(chunk, 0, end - start, start);
    const at = chunk.subarray(0, bytesRead).lastIndexOf(LINE_FEED);
    if (at >= 0) return start + at + 1;
    end = start;
  }
  return 0;
}

/** So that a power loss does not take the name of a new file. */
async function flushFolder(path: string): Promise<void> {
  // Where folders cannot be opened, as on Windows, the system sees to it.
  const folder = await open(path, 'r').catch(() => null);
  try {
    await folder?.sync().catch(() => undefined);
  } finally {
    await folder?.close();
  }
}
