import { TaskloomError } from '../../errors/taskloom-error.js';
import { inMessage } from '../../kernel/in-message.js';
import type { Page, PageRequest } from '../../model/views.js';

export const MAX_PAGE = 100;

/** Larger than every number and every time in milliseconds that a row is ordered by. */
export const MAX_POSITION = 900_000_000_000_000;

/** @throws TaskloomError `PAGE_SIZE` */
export function checkPage({ first }: PageRequest): void {
  if (!Number.isInteger(first) || first < 1 || first > MAX_PAGE)
    throw new TaskloomError('PAGE_SIZE', `\`first\` is ${inMessage(first)}; it must be a whole number from 1 to ${MAX_PAGE}.`, {
      details: { first: Number.isFinite(first) ? first : null, max: MAX_PAGE },
    });
}

/** Cursors name the last row's position; they hold across restarts and are of no other use. */
export function encodeCursor(kind: string, position: readonly number[]): string {
  return Buffer.from(`${kind}:${position.join(':')}`).toString('base64url');
}

/** @throws TaskloomError `CURSOR_INVALID` */
export function decodeCursor(kind: string, cursor: string, length: number): number[] {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const [prefix, ...numbers] = text.split(':');
  if (prefix !== kind || numbers.length !== length || !numbers.every((number) => WHOLE_NUMBER.test(number))) {
    throw invalidCursor(cursor);
  }
  return numbers.map(Number);
}

export function invalidCursor(cursor: string): TaskloomError {
  return new TaskloomError('CURSOR_INVALID', `${JSON.stringify(cursor.slice(0, 80))} is not a cursor of this list.`);
}

/** As `encodeCursor` writes them: no sign, no leading zero, no exponent, small enough to be exact. */
const WHOLE_NUMBER = /^(?:0|[1-9]\d{0,14})$/;

/** A page from one row more than was asked for. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  first: number,
  toItem: (row: Row) => Item,
  toCursor: (row: Row) => string,
): Page<Item> {
  const shown = rows.slice(0, first);
  return { items: shown.map(toItem), cursors: shown.map(toCursor), hasNextPage: rows.length > first };
}
