import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { Distribution } from './distribution.js';

const of = (...values: number[]) => {
  const distribution = new Distribution();
  for (const value of values) distribution.add(value);
  return distribution.view();
};

describe('a distribution', () => {
  it('of nothing has no numbers', () => {
    expect(of()).toEqual({ count: 0, sum: 0, min: null, mean: null, max: null, p50: null, p95: null, p99: null });
  });

  it('of one value is that value', () => {
    expect(of(250)).toEqual({ count: 1, sum: 250, min: 250, mean: 250, max: 250, p50: 250, p95: 250, p99: 250 });
  });

  it('takes what a clock that was put back measures for nothing', () => {
    expect(of(-5)).toMatchObject({ count: 1, min: 0, max: 0, p99: 0 });
  });

  it('has quantiles within a tenth', () => {
    const values = fc.array(fc.integer({ min: 0, max: 2 ** 31 - 1 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(values, (all) => {
        const sorted = all.toSorted((a, b) => a - b);
        const view = of(...all);
        for (const [name, share] of [
          ['p50', 0.5],
          ['p95', 0.95],
          ['p99', 0.99],
        ] as const) {
          const truth = sorted[Math.ceil(share * sorted.length) - 1]!;
          expect(Math.abs(view[name]! - truth)).toBeLessThanOrEqual(0.1 * (truth + 1));
        }
        expect(view).toMatchObject({ count: all.length, min: sorted[0], max: sorted.at(-1) });
      }),
    );
  });
});
