import { showHidden } from '../kernel/hidden-text.js';

/** A text of at most `maxChars` characters, cut at a code point, with an ellipsis where something is left out. */
export function cutText(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  if (maxChars <= 1) return '…'.slice(0, Math.max(0, maxChars));
  return `${text
    .slice(0, maxChars - 1)
    .toWellFormed()
    .replace(/\uFFFD$/, '')
    .trimEnd()}…`;
}

/**
 * A text for the middle of a sentence: blanks and line ends become single spaces, characters that hide or turn text are shown
 * as JSON escapes them, and it is cut to `maxChars`.
 */
export function oneLine(text: string, maxChars: number): string {
  const line = text.replace(/\s+/g, ' ').trim().toWellFormed();
  // What is cut away anyway need not be looked at.
  return cutText(showHidden(line.slice(0, maxChars + 1)), maxChars);
}
