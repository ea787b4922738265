import { lstat } from 'node:fs/promises';
import { absolutePath } from '../paths/absolute-path.js';
import { systemErrorCode } from '../report-error.js';
import { meansGone, withFile, type OpenedFile } from './read-chunks.js';
import { TextScanner, type TodoMark } from './text-scanner.js';

/** A NUL byte among this many first bytes makes a file binary, as it does for git. */
const BINARY_PROBE_BYTES = 8000;

/** What one file turned out to be. Sizes in bytes. */
export type FileMeasure =
  | {
      readonly kind: 'text';
      readonly bytes: number;
      readonly lines: number;
      readonly todos: readonly TodoMark[];
      /** Markers beyond those in `todos`, where a file has very many. */
      readonly todosLeftOut: number;
    }
  | { readonly kind: 'binary'; readonly bytes: number }
  /** It is there, but may not or cannot be read; `reason` is the system's code. */
  | { readonly kind: 'unreadable'; readonly bytes: number; readonly reason: string }
  /** It was deleted or is no regular file any more. */
  | { readonly kind: 'gone' };

/** Measures one file. Rejects only when `signal` is aborted or the path is not below the root: a bad file is an answer, not a failure. */
export async function measureFile(root: string, path: string, signal?: AbortSignal): Promise<FileMeasure> {
  const place = absolutePath(root, path);
  try {
    return await withFile(place, measure, signal);
  } catch (error) {
    signal?.throwIfAborted();
    if (meansGone(error)) return { kind: 'gone' };
    return sizeOfUnreadable(place, systemErrorCode(error) ?? 'unreadable');
  }
}

async function measure(file: OpenedFile): Promise<FileMeasure> {
  const scanner = new TextScanner();
  let bytes = 0;
  for await (const chunk of file.chunks()) {
    if (bytes === 0 && chunk.subarray(0, BINARY_PROBE_BYTES).includes(0)) return { kind: 'binary', bytes: file.size };
    bytes += chunk.length;
    scanner.push(chunk);
  }
  scanner.end();
  return { kind: 'text', bytes, lines: scanner.lines, todos: scanner.todos, todosLeftOut: scanner.todosLeftOut };
}

async function sizeOfUnreadable(place: Buffer, reason: string): Promise<FileMeasure> {
  return lstat(place).then(
    (found) => (found.isFile() ? { kind: 'unreadable', bytes: found.size, reason } : { kind: 'gone' }),
    (error: unknown) => (meansGone(error) ? { kind: 'gone' } : { kind: 'unreadable', bytes: 0, reason }),
  );
}
