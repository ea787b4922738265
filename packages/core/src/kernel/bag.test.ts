import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { Bag, type BagItem } from './bag.js';

describe('a bag', () => {
  it('holds what a set would hold, whatever comes and goes', () => {
    const moves = fc.array(fc.tuple(fc.boolean(), fc.nat(9)), { maxLength: 200 });
    fc.assert(
      fc.property(moves, (all) => {
        const items = Array.from({ length: 10 }, (): BagItem => ({ bagIndex: -1 }));
        const bag = new Bag<BagItem>();
        const model = new Set<BagItem>();
        for (const [comes, no] of all) {
          const item = items[no]!;
          if (!comes) expect(bag.delete(item)).toBe(model.delete(item));
          else if (!model.has(item)) {
            bag.add(item);
            model.add(item);
          }
          expect(bag.size).toBe(model.size);
        }
        expect(new Set(bag.all())).toEqual(model);
        for (const item of items) expect(item.bagIndex >= 0).toBe(model.has(item));
      }),
    );
  });

  it('can lose items while somebody goes through it', () => {
    const bag = new Bag<BagItem>();
    for (let count = 0; count < 3; count += 1) bag.add({ bagIndex: -1 });
    for (const item of bag.all()) bag.delete(item);
    expect(bag.size).toBe(0);
  });
});
