/** Task numbers as ranges, `[1, 2, 3, 7]` → `1-3,7`: an event may move 100,000 tasks. */
export function formatRanges(numbers: readonly number[]): string {
  const sorted = [...numbers].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let index = 0; index < sorted.length;) {
    let last = index;
    while (last + 1 < sorted.length && sorted[last + 1] === sorted[last]! + 1) last += 1;
    parts.push(last === index ? String(sorted[index]) : `${sorted[index]!}-${sorted[last]!}`);
    index = last + 1;
  }
  return parts.join(',');
}

/** Whether a range text has the number. */
export function isInRanges(text: string, number: number): boolean {
  return (
    text !== '' &&
    text.split(',').some((part) => {
      const [from, to] = part.split('-').map(Number) as [number, number | undefined];
      return from <= number && number <= (to ?? from);
    })
  );
}

/** The numbers of a range text, at most `limit`. */
export function parseRanges(text: string, limit = Number.POSITIVE_INFINITY): number[] {
  const numbers: number[] = [];
  for (const part of text === '' ? [] : text.split(',')) {
    const [from, to] = part.split('-').map(Number) as [number, number | undefined];
    for (let number = from; number <= (to ?? from); number += 1) {
      if (numbers.length >= limit) return numbers;
      numbers.push(number);
    }
  }
  return numbers;
}
