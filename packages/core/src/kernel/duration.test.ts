import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { durationMs, formatDuration } from './duration.js';

describe('a duration', () => {
  it.each<[unknown, number]>([
    [0, 0],
    [250, 250],
    [1.4, 1],
    ['250ms', 250],
    ['30s', 30_000],
    ['2m', 120_000],
    ['1.5h', 5_400_000],
    ['7d', 604_800_000],
    ['0s', 0],
    [' 5s ', 5_000],
  ])('%j is %d ms', (text, ms) => {
    expect(durationMs(text)).toBe(ms);
  });

  it.each<[unknown]>([
    ['5 minutes'],
    ['5'],
    ['s'],
    [''],
    ['-1s'],
    ['+1s'],
    ['1e3s'],
    ['1,5s'],
    ['.5s'],
    ['5 s'],
    ['5S'],
    ['1h30m'],
    ['5s\n5s'],
    [-1],
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    [Number.NEGATIVE_INFINITY],
    [null],
    [undefined],
    [true],
    [{}],
    [['5s']],
    [5n],
  ])('is not %p', (value) => {
    expect(durationMs(value)).toBeNull();
  });

  it.each<[unknown]>([[1e12], ['99999999d'], [`${'9'.repeat(400)}s`]])('is not %p, which no one will live to see', (value) => {
    expect(durationMs(value)).toBeNull();
  });

  it('is always a whole number of milliseconds', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(999), fc.constantFrom('ms', 's', 'm', 'h', 'd'), (whole, part, unit) => {
        const ms = durationMs(`${whole}.${part}${unit}`);

        expect(ms === null || Number.isSafeInteger(ms)).toBe(true);
      }),
    );
  });

  it.each([
    [0, '0ms'],
    [999, '999ms'],
    [1_500, '1.5s'],
    [42_000, '42s'],
    [90_500, '1m 30s'],
    [3_600_000, '1h 0m'],
    [90_000_000, '1d 1h'],
  ])('of %d ms is shown as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});
