/**
 * Characters that show nothing, or make the text around them show otherwise: controls, line separators, marks of direction,
 * zero-width ones, tags and variation selectors that can carry a text of their own. Not those that emoji and scripts are
 * joined with.
 */
const HIDDEN =
  /[\p{Cc}\u00AD\u061C\u180E\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\u{E0000}-\u{E007F}]|[\u{E0100}-\u{E01EF}]/gu;

/** The text with hidden characters as JSON escapes them (`\u202e`), so that whoever reads it sees them. */
export function showHidden(text: string): string {
  return text.replace(HIDDEN, (character) => character.split('').map(escaped).join(''));
}

/** The text with a blank in the place of each hidden character. */
export function withoutHidden(text: string): string {
  return text.replace(HIDDEN, ' ');
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
