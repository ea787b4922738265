import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { systemErrorCode } from '../report-error.js';

const CHUNK_MAX_BYTES = 256 * 1024;

/** Never through a link, and never waiting for the other end of a pipe that took the file's place. Windows has neither flag. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** The file is not, or no longer, a regular file. */
export class FileGone extends Error {
  override readonly name = 'FileGone';
}

/** Whether a failure means that the file went away (deleted, or replaced by a link or a directory), and not that it may not be read. */
export function meansGone(error: unknown): boolean {
  if (error instanceof FileGone) return true;
  return ['ENOENT', 'ENOTDIR', 'ELOOP', 'EMLINK', 'EISDIR'].includes(systemErrorCode(error) ?? '');
}

/** A file being read, with its size when it was opened. */
export interface OpenedFile {
  /** Bytes. */
  readonly size: number;
  /** The content, in order; each piece is valid until the next is asked for, and all but the last are full. */
  chunks(): AsyncGenerator<Buffer, void, undefined>;
}

/** Opens a regular file for one act and closes it after. Memory stays bounded whatever its size. @throws FileGone and system errors */
export async function withFile<Result>(path: Buffer, act: (file: OpenedFile) => Promise<Result>, signal?: AbortSignal): Promise<Result> {
  const handle = await open(path, OPEN_FLAGS);
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw new FileGone(`${path.toString('utf8')} is no regular file`);
    return await act({ size: found.size, chunks: () => readChunks(handle, found.size, signal) });
  } finally {
    await handle.close();
  }
}

async function* readChunks(handle: FileHandle, size: number, signal: AbortSignal | undefined): AsyncGenerator<Buffer, void, undefined> {
  // One byte more than the size, so that a small file's end is seen in the first read. Files that grow meanwhile are read to their end.
  const buffer = Buffer.allocUnsafe(Math.min(size + 1, CHUNK_MAX_BYTES));
  for (;;) {
    signal?.throwIfAborted();
    const filled = await fill(handle, buffer);
    if (filled > 0) yield buffer.subarray(0, filled);
    if (filled < buffer.length) return;
  }
}

async function fill(handle: FileHandle, buffer: Buffer): Promise<number> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, null);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}
