import { durationMs, type Duration } from '../kernel/duration.js';
import { inMessage } from '../kernel/in-message.js';
import { isObject } from '../kernel/is-object.js';
import { nearest } from '../kernel/nearest.js';

/** The options under a name, none where nothing was given. What is no object is noted, and counts as none. */
export function optionsOf<Options extends object>(name: string, given: Options | null | undefined, problems: string[]): Partial<Options> {
  if (given === undefined || given === null) return {};
  if (isObject(given)) return given;
  problems.push(`\`${name}\` is ${inMessage(given)}; it must be an object.`);
  return {};
}

/** Notes every key that is no option, with the nearest one that is. */
export function refuseUnknown(options: object, known: readonly string[], prefix: string, problems: string[]): void {
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    const [near] = nearest(key, known, 1);
    problems.push(`\`${prefix}${key}\` is no option${near ? `; did you mean \`${prefix}${near}\`?` : `; known are ${known.join(', ')}.`}`);
  }
}

export function wholeNumber(name: string, value: unknown, least: number, problems: string[]): void {
  if (!Number.isInteger(value) || (value as number) < least)
    problems.push(`\`${name}\` is ${inMessage(value)}; it must be a whole number from ${least}.`);
}

/** Milliseconds of a duration of at least `leastMs`. */
export function duration(name: string, value: Duration, leastMs: number, problems: string[]): number {
  const ms = durationMs(value);
  if (ms === null) problems.push(`\`${name}\` is ${inMessage(value)}; write a duration such as '30s', or milliseconds.`);
  else if (ms < leastMs) problems.push(`\`${name}\` is ${inMessage(value)}; it must be at least ${leastMs} ms.`);
  return ms ?? 0;
}

/** Notes that two options contradict each other, where both were given as numbers. */
export function notAbove(name: string, value: unknown, bound: string, most: unknown, problems: string[]): void {
  if (typeof value === 'number' && typeof most === 'number' && value > most)
    problems.push(`\`${name}\` is ${value}, above \`${bound}\`, which is ${most}: it could never be used up.`);
}
