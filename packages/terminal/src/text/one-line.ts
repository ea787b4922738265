/**
 * Text from a repository (names, notes, git's own words) as one line that cannot steer a terminal: control and format characters and all
 * white space become single spaces.
 */
export function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim();
}
