import { statfsSync } from 'node:fs';

/**
 * 32 MB: in a longer log more pages were written several times, which go to the database once; but it is read at a start after a
 * death, and a checkpoint holds the event loop up for as long as it takes (some 100 ms).
 */
const LONG_PAGES = 8_000;
/** 4 MB, SQLite's own default. */
const SHORT_PAGES = 1_000;
/** Of the room there is, a long log may take an eighth. */
const LEAST_ROOM_BYTES = 256 * 2 ** 20;

/**
 * After how many pages the write-ahead log goes to the database and begins anew. Where there is little room a long one could
 * fill the disk by itself, and then nothing could be written any more, that checkpoint included.
 */
export function logLength(roomBytes: number): number {
  return roomBytes >= LEAST_ROOM_BYTES ? LONG_PAGES : SHORT_PAGES;
}

/** Whether a log of this length may take its room before it needs it. */
export function mayLayOut(pages: number): boolean {
  return pages > SHORT_PAGES;
}

/** The room on the disk that a folder is on, for those who are not its administrator; unlimited where the system does not tell. */
export function freeBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
