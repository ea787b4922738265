import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { backoffDelayMs, type Backoff } from './backoff.js';

const backoff = (fields: Partial<Backoff>): Backoff => ({
  kind: 'fixed',
  delayMs: 100,
  maxDelayMs: 1_000,
  factor: 2,
  jitter: 0,
  ...fields,
});
const waits = (policy: Backoff): number[] => [1, 2, 3, 4, 5].map((failures) => backoffDelayMs(policy, failures, 0));

describe('the wait before another attempt', () => {
  it.each<[Backoff['kind'], number[]]>([
    ['none', [0, 0, 0, 0, 0]],
    ['fixed', [100, 100, 100, 100, 100]],
    ['linear', [100, 200, 300, 400, 500]],
    ['exponential', [100, 200, 400, 800, 1_000]],
  ])('%s', (kind, expected) => {
    expect(waits(backoff({ kind }))).toEqual(expected);
  });

  it('takes off at most the share that is left to chance', () => {
    const policy = backoff({ jitter: 0.2 });

    expect(backoffDelayMs(policy, 1, 0)).toBe(100);
    expect(backoffDelayMs(policy, 1, 0.5)).toBe(90);
    expect(backoffDelayMs(policy, 1, 0.999_999)).toBe(80);
  });

  it('is a whole number between zero and the longest wait, whatever the policy and however many failures', () => {
    const policies = fc.record<Backoff>({
      kind: fc.constantFrom('none', 'fixed', 'linear', 'exponential'),
      delayMs: fc.oneof(fc.constant(0), fc.nat(10_000_000)),
      maxDelayMs: fc.nat(100_000_000),
      factor: fc.double({ min: 1, max: 100, noNaN: true }),
      jitter: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(
        policies,
        fc.integer({ min: 1, max: 1_000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (policy, failures, random) => {
          const wait = backoffDelayMs(policy, failures, random);

          expect(Number.isSafeInteger(wait) && wait >= 0 && wait <= policy.maxDelayMs).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('is nothing where the delay is nothing, also after a thousand failures', () => {
    expect(backoffDelayMs(backoff({ kind: 'exponential', delayMs: 0, factor: 100 }), 1_000, 0)).toBe(0);
  });
});
