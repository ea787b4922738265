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

/** A text for the middle of a sentence: blanks and line ends become single spaces, and it is cut to `maxChars`. */
export function oneLine(text: string, maxChars: number): string {
  return cutText(text.replace(/\s+/g, ' ').trim().toWellFormed(), maxChars);
}
