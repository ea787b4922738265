import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { SlidingShare } from './sliding-share.js';

const START = Date.UTC(2026, 0, 1);

describe('a sliding share', () => {
  it('of nothing is 0', () => {
    expect(new SlidingShare(1_000).at(START)).toEqual({ count: 0, share: 0 });
  });

  it('forgets what left the window, a thirtieth at a time', () => {
    const share = new SlidingShare(30_000);
    share.add(true, START);
    share.add(false, START + 15_000);
    expect(share.at(START + 15_000)).toEqual({ count: 2, share: 0.5 });
    expect(share.at(START + 29_999)).toEqual({ count: 2, share: 0.5 });
    expect(share.at(START + 30_000)).toEqual({ count: 1, share: 0 });
    expect(share.at(START + 45_000)).toEqual({ count: 0, share: 0 });
  });

  it('counts on where it was when the clock is put back', () => {
    const share = new SlidingShare(30_000);
    share.add(true, START);
    share.add(true, START - 3_600_000);
    expect(share.at(START)).toEqual({ count: 2, share: 1 });
  });

  it('is what counting everything within the window gives', () => {
    const things = fc.array(fc.tuple(fc.integer({ min: 0, max: 5_000 }), fc.boolean()), { maxLength: 100 });
    fc.assert(
      fc.property(things, (all) => {
        const share = new SlidingShare(30_000);
        let now = START;
        const kept: { at: number; isBad: boolean }[] = [];
        for (const [afterMs, isBad] of all) {
          now += afterMs;
          share.add(isBad, now);
          kept.push({ at: now, isBad });
        }
        const from = (Math.floor(now / 1_000) - 29) * 1_000;
        const within = kept.filter(({ at }) => at >= from);
        const bad = within.filter(({ isBad }) => isBad).length;
        expect(share.at(now)).toEqual({ count: within.length, share: within.length === 0 ? 0 : bad / within.length });
      }),
    );
  });
});
