/**
 * JSON as one line, or indented. What JSON leaves as it is but a terminal takes for more than text (further control
 * characters, marks that turn the direction of writing) is escaped; it reads back as the same.
 */
export function toJson(value: unknown, indent?: number): string {
  return (JSON.stringify(value, null, indent) ?? 'null').replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    indent !== undefined && character === '\n' ? character : escaped(character),
  );
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`).join('');
}
