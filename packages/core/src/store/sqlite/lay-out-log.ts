import { closeSync, existsSync, fstatSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';

import type { SqliteHandle } from './sqlite-driver.js';

/** Of a log (https://www.sqlite.org/fileformat2.html#the_write_ahead_log): what it begins with, and what stands before each page. */
const LOG_HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const CHUNK_BYTES = 2 ** 20;

/**
 * Gives the write-ahead log of a database room on the disk for so many pages, all zeros, which SQLite takes for a log without
 * frames. A commit into a file that grows makes the file system write down as well where the file now ends, which takes as
 * long again as writing what is committed; a log that SQLite begins anew is never made shorter, so only the first is slow.
 *
 * A log that is long enough already, or that holds what others wrote meanwhile, is left as it is. So it is where there turns
 * out to be no room: commits work without.
 */
export function layOutLog(handle: SqliteHandle, pages: number): void {
  const log = openLog(handle);
  if (log === null) return;
  const [page] = handle.pragma('page_size') as { readonly page_size: number }[];
  const wanted = LOG_HEADER_BYTES + pages * (FRAME_HEADER_BYTES + page!.page_size);
  try {
    if (fstatSync(log).size >= wanted) return;
    handle.pragma('wal_checkpoint(TRUNCATE)');
    // Nobody may write into it meanwhile, another program neither.
    handle.exec('BEGIN IMMEDIATE');
    try {
      if (fstatSync(log).size === 0) fill(log, wanted);
    } finally {
      handle.exec('ROLLBACK');
    }
  } finally {
    closeSync(log);
  }
}

/** The log of the database, wherever SQLite keeps it (links are followed); `null` where it keeps none: in memory. */
function openLog(handle: SqliteHandle): number | null {
  const [main] = handle.pragma('database_list') as { readonly file: string }[];
  const path = `${main!.file}-wal`;
  return main!.file !== '' && existsSync(path) ? openSync(path, 'r+') : null;
}

function fill(log: number, bytes: number): void {
  const zeros = new Uint8Array(CHUNK_BYTES);
  try {
    for (let at = 0; at < bytes; at += zeros.length) writeSync(log, zeros, 0, Math.min(zeros.length, bytes - at), at);
    fsyncSync(log);
  } catch {
    ftruncateSync(log, 0);
  }
}
