import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { formatRanges, isInRanges, parseRanges } from './ranges.js';

describe('task numbers as ranges', () => {
  it.each([
    [[], ''],
    [[7], '7'],
    [[1, 2, 3, 7], '1-3,7'],
    [[3, 1, 2], '1-3'],
    [[0, 1, 5, 9, 10], '0-1,5,9-10'],
  ])('%j are %j', (numbers, text) => {
    expect(formatRanges(numbers)).toBe(text);
  });

  it('are read back, in order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(500), { maxLength: 60 }), (numbers) =>
        expect(parseRanges(formatRanges(numbers))).toEqual(numbers.toSorted((a, b) => a - b)),
      ),
    );
  });

  it('have the numbers that they were made of, and no others', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(30), { maxLength: 20 }), fc.nat(30), (numbers, one) =>
        expect(isInRanges(formatRanges(numbers), one)).toBe(numbers.includes(one)),
      ),
    );
  });

  it('are read up to a limit, without writing out what is beyond', () => {
    expect(parseRanges('1-3,7,9-2000000000', 5)).toEqual([1, 2, 3, 7, 9]);
    expect(parseRanges('1-3', 0)).toEqual([]);
  });

  it('say 100,000 tasks in a few characters', () => {
    expect(formatRanges(Array.from({ length: 100_000 }, (_, no) => no))).toBe('0-99999');
  });

  it('leave the given list as it was', () => {
    const numbers = [3, 1, 2];
    formatRanges(numbers);

    expect(numbers).toEqual([3, 1, 2]);
  });
});
