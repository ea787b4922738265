/** `count-words` → `CountWords`. */
export function classNameOf(name: string): string {
  return name.replaceAll(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** `count-words` → `Count words`. */
export function sentenceOf(name: string): string {
  const words = name.replaceAll(/[^A-Za-z0-9]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** `CountWords` → `countWords`. */
export function variableNameOf(className: string): string {
  return className.charAt(0).toLowerCase() + className.slice(1);
}
