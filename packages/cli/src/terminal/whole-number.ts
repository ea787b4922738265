import { InvalidArgumentError } from 'commander';

/** A whole number from 0 to 999,999,999 as it is given on a command line. @throws InvalidArgumentError for anything else */
export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Write a whole number from 0 on.');
  return Number(text);
}
