import { open } from 'node:fs/promises';

import type { AuditEntry } from './audit-entry.js';

/**
 * The entries of a file, in order.
 *
 * @throws Error where a line is none: somebody else has written to the file, or it is damaged
 */
export async function* readEntries(path: string): AsyncIterable<AuditEntry> {
  const handle = await open(path, 'r');
  try {
    let no = 0;
    for await (const line of handle.readLines({ autoClose: false })) {
      no += 1;
      const entry = parseEntry(line);
      if (!entry) {
        throw new Error(
          `Line ${no} of ${path} is no line of an audit file. Move the file away for somebody to look at; a new one will be begun.`,
        );
      }
      yield entry;
    }
  } finally {
    await handle.close();
  }
}

function parseEntry(line: string): AuditEntry | null {
  try {
    const entry = JSON.parse(line) as Partial<AuditEntry> | null;
    return typeof entry?.what === 'string' && Number.isFinite(Date.parse(String(entry.at))) ? (entry as AuditEntry) : null;
  } catch {
    return null;
  }
}
