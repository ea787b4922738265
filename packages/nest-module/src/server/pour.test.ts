import { describe, expect, it } from '@jest/globals';

import { pour, type Send } from './pour.js';
import type { Pushed } from './pushed.js';

const item = (seq: number): Pushed => ({ text: String(seq), seq });

/** What was sent, and whether the rows were told that nobody reads them any more. */
function pouring(rows: readonly (readonly Pushed[])[], send: (seq: number) => ReturnType<Send>) {
  const sent: number[] = [];
  let isReturned = false;
  async function* source(): AsyncGenerator<readonly Pushed[], void> {
    try {
      yield* rows;
    } finally {
      isReturned = true;
    }
  }
  const poured = pour(source(), ({ seq }) => {
    sent.push(seq!);
    return send(seq!);
  });
  return { poured, sent, isReturned: () => isReturned };
}

describe('rows that are poured out', () => {
  it('are sent item by item, each when the one before is on its way', async () => {
    const ways: (() => void)[] = [];
    const { poured, sent, isReturned } = pouring([[item(1), item(2)], [item(3)]], (seq) =>
      seq === 2 ? new Promise((resolve) => ways.push(() => resolve(true))) : true,
    );
    const done = poured.next();
    while (ways.length === 0) await Promise.resolve();
    expect(sent).toEqual([1, 2]);
    ways[0]!();
    expect(await done).toEqual({ done: true, value: undefined });
    expect([sent, isReturned()]).toEqual([[1, 2, 3], true]);
  });

  it.each([
    ['at once', false],
    ['later', Promise.resolve(false)],
  ])('end where nobody takes them any more, said %s', async (_when, answer) => {
    const { poured, sent, isReturned } = pouring([[item(1), item(2), item(3)]], (seq) => (seq === 2 ? answer : true));
    expect(await poured.next()).toEqual({ done: true, value: undefined });
    expect([sent, isReturned()]).toEqual([[1, 2], true]);
  });

  it('end in the middle of a row when the client leaves', async () => {
    const { poured, sent, isReturned } = pouring([[item(1), item(2), item(3)], [item(4)]], async (seq) => {
      if (seq === 2) await poured.return!();
      return true;
    });
    expect(await poured.next()).toEqual({ done: true, value: undefined });
    expect([sent, isReturned()]).toEqual([[1, 2], true]);
  });
});
