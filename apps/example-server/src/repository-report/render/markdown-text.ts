import { visibleText } from './visible-text.js';

/** Text that Markdown shows as it is, in a paragraph or in a cell of a table: one line, no markup, no HTML. */
export function markdownText(text: string): string {
  return visibleText(text).replace(/[\\`*_[\]<>|~&$#!]/g, '\\$&');
}

/** Text as a code span, in a paragraph or in a cell of a table, whatever backticks it holds. */
export function markdownCode(text: string): string {
  const shown = visibleText(text).replaceAll('|', '\\|');
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const padding = longest > 0 || shown === '' || /^ .* $/.test(shown) ? ' ' : '';
  return `${fence}${padding}${shown}${padding}${fence}`;
}

/** A table; cells are Markdown already. Columns whose head ends in ":" stand at the right. */
export function markdownTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = heads.map((head) => (head.endsWith(':') ? '---:' : '---'));
  const lines = [heads.map((head) => head.replace(/:$/, '')), rule, ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
