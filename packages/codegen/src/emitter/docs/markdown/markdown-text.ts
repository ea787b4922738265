/* The only ways text from a project reaches Markdown. Whatever it holds, it stays text or code. */

/** Text that is read as it stands. */
export function markdownText(text: string): string {
  return text
    .replaceAll(/\r\n|[\n\r\u2028\u2029]/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_{}[\]|~#$!:]/g, (character) => (character === ':' ? ':' : `\\${character}`))
    .replace(/^(\s*)([-+])/, '$1\\$2')
    .replace(/^(\s*\d+)([.)])/, '$1\\$2');
}

/** Code within a line, in a table or not. */
export function inlineCode(text: string): string {
  if (/^[^`|<>&\r\n\u2028\u2029]*[^`|<>&\s][^`|<>&\r\n\u2028\u2029]*$/.test(text) && text.trim() === text) return `\`${text}\``;
  const escaped = text.replaceAll(/[^A-Za-z0-9 .,;:/()"'=?%@-]/g, (character) => `&#${character.codePointAt(0)!};`);
  return `<code>${escaped}</code>`;
}

/** A block of code. Its fence is longer than any in the text. */
export function codeBlock(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}\n`;
}

/** The anchor that Markdown readers give a heading. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}
