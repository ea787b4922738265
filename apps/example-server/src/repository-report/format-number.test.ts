import { describe, expect, it } from '@jest/globals';
import { formatBytes, formatCount, formatPlural, formatShare } from './format-number.js';

describe('writing numbers', () => {
  it('parts thousands', () => {
    expect([0, 999, 1000, 1234567].map(formatCount)).toEqual(['0', '999', '1,000', '1,234,567']);
  });

  it('gives sizes in the unit that fits', () => {
    expect([0, 1023, 1024, 1536, 200 * 1024, 5 * 1024 ** 4].map(formatBytes)).toEqual([
      '0 B',
      '1,023 B',
      '1 KiB',
      '1.5 KiB',
      '200 KiB',
      '5 TiB',
    ]);
  });

  it('never rounds a part up to the whole nor down to nothing', () => {
    expect([0, 1, 9, 55, 999, 1000].map((part) => formatShare(part, 1000))).toEqual(['0%', '0.1%', '0.9%', '6%', '99%', '100%']);
    expect([formatShare(1, 100_000), formatShare(0, 0)]).toEqual(['<0.1%', '0%']);
  });

  it('knows one from many', () => {
    expect([0, 1, 2000].map((count) => formatPlural(count, 'file'))).toEqual(['0 files', '1 file', '2,000 files']);
  });
});
