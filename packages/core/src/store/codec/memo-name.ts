import { createHash } from 'node:crypto';

import type { MemoKind } from '../../model/event.js';

/** What an index takes of a name everywhere. */
const MAX_CHARS = 500;

/**
 * What tells entries of a memo apart: steps, sleeps and questions share a column, and the kind before the name keeps them apart.
 * Of a very long name its beginning and a hash stand here; the event has it whole.
 */
export function memoName(kind: MemoKind, name: string): string {
  if (name.length <= MAX_CHARS) return `${kind} ${name}`;
  return `${kind} ${name.slice(0, 100).toWellFormed()}… ${createHash('sha256').update(name).digest('hex')}`;
}

export function memoKind(text: string): MemoKind {
  return text.slice(0, text.indexOf(' ')) as MemoKind;
}
