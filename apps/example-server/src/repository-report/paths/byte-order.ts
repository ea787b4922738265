import { bytesOfPath } from './path-text.js';

/** From here on UTF-16 order and UTF-8 byte order part ways: surrogates, and the private-use characters that stand for raw bytes. */
const FIRST_UNORDERED_UNIT = 0xd800;

/**
 * Orders two paths (or e-mails) by their bytes, as git, `LC_ALL=C sort` and `Buffer.compare` do: never by locale, so that a report is the same
 * everywhere. Negative when `a` comes first. Looks at bytes only where the order of UTF-16 units may differ from them.
 */
export function compareInByteOrder(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let index = 0; index < shared; index++) {
    const unitA = a.charCodeAt(index);
    const unitB = b.charCodeAt(index);
    if (unitA === unitB) continue;
    if (unitA < FIRST_UNORDERED_UNIT && unitB < FIRST_UNORDERED_UNIT) return unitA - unitB;
    return Buffer.compare(bytesOfPath(a), bytesOfPath(b));
  }
  return a.length - b.length;
}
