import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import { IndexedHeap } from './indexed-heap.js';

interface Item {
  heapIndex: number;
  value: number;
  readonly name: number;
}

const heapOf = (): IndexedHeap<Item> => new IndexedHeap((a, b) => (a.value === b.value ? a.name < b.name : a.value < b.value));
const byOrder = (a: Item, b: Item): number => a.value - b.value || a.name - b.name;

describe('a heap', () => {
  it('gives its items in order, whatever the order they came in', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (values) => {
        const heap = heapOf();
        values.forEach((value, name) => heap.push({ value, name, heapIndex: -1 }));
        const popped = values.map(() => heap.pop()?.value);

        expect(popped).toEqual(values.toSorted((a, b) => a - b));
        expect([heap.size, heap.pop(), heap.peek()]).toEqual([0, undefined, undefined]);
      }),
    );
  });

  const moves = fc.array(
    fc.oneof(
      fc.record({ do: fc.constant('push' as const), value: fc.nat(50) }),
      fc.record({ do: fc.constant('pop' as const) }),
      fc.record({ do: fc.constant('remove' as const), which: fc.nat(99) }),
      fc.record({ do: fc.constant('change' as const), which: fc.nat(99), value: fc.nat(50) }),
    ),
    { maxLength: 60, size: 'max' },
  );

  it('keeps the order while items come, go and change', () => {
    fc.assert(
      fc.property(moves, (list) => {
        const heap = heapOf();
        let model: Item[] = [];
        list.forEach((move, name) => {
          if (move.do === 'push') {
            const item = { value: move.value, name, heapIndex: -1 };
            heap.push(item);
            model.push(item);
          } else if (move.do === 'pop') {
            const popped = heap.pop();
            expect(popped).toBe(model[0]);
            model = model.slice(1);
          } else if (model.length > 0) {
            const item = model[move.which % model.length]!;
            if (move.do === 'remove') {
              heap.remove(item);
              model = model.filter((other) => other !== item);
            } else {
              item.value = move.value;
              heap.moved(item);
            }
          }
          model.sort(byOrder);

          expect(heap.size).toBe(model.length);
          expect(heap.peek()).toBe(model[0]);
        });
      }),
    );
  });
});
