/** A text without the differences that a search overlooks: upper and lower case, and ways of composing a letter. */
export function foldText(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}
