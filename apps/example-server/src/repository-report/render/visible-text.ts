/** Control characters, line ends of any kind, and the characters that turn or hide the text around them (bidirectional controls, zero width). */
const INVISIBLE = /[\p{Cc}\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/gu;

const SHORT_FORMS: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/**
 * The text with every invisible character written out, a newline as `\n`, others as `\u202E`: so a file name cannot break a line of the report
 * nor show itself as another. Letters of all scripts stay as they are.
 */
export function visibleText(text: string): string {
  return text.replace(INVISIBLE, (character) => SHORT_FORMS.get(character) ?? `\\u${hex(character)}`).toWellFormed();
}

function hex(character: string): string {
  return character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
}
