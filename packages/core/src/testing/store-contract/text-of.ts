import { byteLength } from '../../kernel/json.js';

/** A text of one character again and again, which as JSON has as many bytes as asked for, or as few less as it takes. */
export function textOf(bytes: number, unit = 'x'): string {
  return unit.repeat(Math.floor((bytes - 2) / byteLength(unit)));
}
