import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { Heap } from './heap.js';

describe('a heap', () => {
  it('gives its items in order, whatever the order they came in', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (items) => {
        const heap = new Heap<number>((a, b) => a < b);
        for (const item of items) heap.push(item);
        const popped = items.map(() => heap.pop());

        expect(popped).toEqual(items.toSorted((a, b) => a - b));
        expect([heap.size, heap.pop(), heap.peek()]).toEqual([0, undefined, undefined]);
      }),
    );
  });

  it('keeps the order while items come and go', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.nat(50))), (moves) => {
        const heap = new Heap<number>((a, b) => a < b);
        const model: number[] = [];
        for (const move of moves) {
          if (move === null) expect(heap.pop()).toBe(model.shift());
          else {
            heap.push(move);
            model.push(move);
            model.sort((a, b) => a - b);
          }

          expect([heap.size, heap.peek()]).toEqual([model.length, model[0]]);
        }
      }),
    );
  });
});
