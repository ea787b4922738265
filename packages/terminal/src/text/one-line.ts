import { stripVTControlCharacters } from 'node:util';

/**
 * Text from anywhere (names, notes, other programs' own words) as one line that cannot steer a terminal: sequences that steer
 * are left out; whatever control and format characters remain, and all white space, become single spaces.
 */
export function oneLine(text: string): string {
  return stripVTControlCharacters(text.toWellFormed())
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim();
}
