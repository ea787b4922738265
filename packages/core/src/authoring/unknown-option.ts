import { nearest } from '../kernel/nearest.js';

/** What is said of an option that nobody knows: the nearest one that is known, or all of them. */
export function unknownOption(owner: string, key: string, known: readonly string[]): string {
  const [near] = nearest(key, known, 1);
  return `${owner} has an unknown option "${key}"; ${near ? `did you mean "${near}"?` : `known are ${known.join(', ')}.`}`;
}
