import { stripVTControlCharacters } from 'node:util';

/** Text of several lines without what would steer a terminal or turn the direction of writing. Line ends and tabs stay. */
export function visibleText(text: string): string {
  return stripVTControlCharacters(text.toWellFormed()).replace(/[^\P{Cc}\n\t]|[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, '');
}
