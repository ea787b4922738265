/** Marks that sit on the character before them. */
const NO_COLUMNS = /^\p{M}$/u;
/** East Asian wide characters and emoji. What is in doubt counts as wide: a line is then cut too early, never too late. */
const TWO_COLUMNS =
  /^[\u1100-\u115f\u231a-\u23ff\u25fd-\u27bf\u2b1b-\u2b55\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1aff0}-\u{1b2ff}\u{1f000}-\u{1faff}\u{20000}-\u{3fffd}]$/u;
/** The tree's own marks lie among the doubtful ones and are narrow. */
const NARROW = new Set(['✔', '✖']);

/** How many columns a terminal needs for a text without control characters. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += widthOf(character);
  return width;
}

/** The text itself where it fits into `columns`, else its beginning with an ellipsis. */
export function cutToWidth(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let kept = '';
  let room = columns - 1;
  for (const character of text) {
    room -= widthOf(character);
    if (room < 0) break;
    kept += character;
  }
  return columns < 1 ? '' : `${kept.trimEnd()}…`;
}

function widthOf(character: string): number {
  if (character < '\u0300' || NARROW.has(character)) return 1;
  if (NO_COLUMNS.test(character)) return 0;
  return TWO_COLUMNS.test(character) ? 2 : 1;
}
