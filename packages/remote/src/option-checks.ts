import { durationMs, nearest } from '@taskloom/core/internal';

/** Notes every key that is no option, with the nearest one that is. */
export function refuseUnknown(options: object, known: readonly string[], owner: string, problems: string[]): void {
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    const [near] = nearest(key, known, 1);
    problems.push(`${owner} has an unknown option "${key}"${near ? `; did you mean "${near}"?` : `; known are ${known.join(', ')}.`}`);
  }
}

export function wholeNumber(name: string, value: unknown, least: number, owner: string, problems: string[]): void {
  if (!Number.isInteger(value) || (value as number) < least)
    problems.push(`\`${name}\` of ${owner} is ${String(value)}; it must be a whole number from ${least}.`);
}

/** Milliseconds of a duration of at least `leastMs`. */
export function duration(name: string, value: unknown, leastMs: number, owner: string, problems: string[]): number {
  const ms = durationMs(value);
  if (ms === null) problems.push(`\`${name}\` of ${owner} is ${JSON.stringify(value)}; write a duration such as '30s', or milliseconds.`);
  else if (ms < leastMs) problems.push(`\`${name}\` of ${owner} is ${JSON.stringify(value)}; it must be at least ${leastMs} ms.`);
  return ms ?? 0;
}
