import { describe, expect, it } from '@jest/globals';

import { Gathered } from './gathered.js';

/** Doubles numbers, and takes note of what it was asked together; there is no double of 13, and 99 ends everything. */
function doubling(): { readonly gathered: Gathered<number, number>; readonly batches: (readonly number[])[] } {
  const batches: (readonly number[])[] = [];
  const gathered = new Gathered(
    async (numbers: readonly number[]) => {
      batches.push(numbers);
      await Promise.resolve();
      if (numbers.includes(99)) throw new RangeError('closed');
      if (numbers.includes(13)) throw new Error('13 has no double');
      return numbers.map((number) => 2 * number);
    },
    (error) => error instanceof RangeError,
  );
  return { gathered, batches };
}

describe('questions that are gathered', () => {
  it('are answered together, each with its own answer', async () => {
    const { gathered, batches } = doubling();
    expect(await Promise.all([1, 2, 1].map((number) => gathered.ask(number)))).toEqual([2, 4, 2]);
    expect(batches).toEqual([[1, 2, 1]]);
  });

  it('are answered together also while earlier ones wait for their answers', async () => {
    const { gathered, batches } = doubling();
    const early = [gathered.ask(1), gathered.ask(2)];
    await Promise.resolve();
    const late = [gathered.ask(3), gathered.ask(4)];
    expect(await Promise.all([...early, ...late])).toEqual([2, 4, 6, 8]);
    expect(batches).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('are asked one by one where they cannot be answered together, so that only those fail which have no answer', async () => {
    const { gathered, batches } = doubling();
    const [one, none, two] = await Promise.allSettled([gathered.ask(1), gathered.ask(13), gathered.ask(2)]);
    expect([one, two]).toEqual([
      { status: 'fulfilled', value: 2 },
      { status: 'fulfilled', value: 4 },
    ]);
    expect(none).toMatchObject({ status: 'rejected', reason: { message: '13 has no double' } });
    expect(batches).toEqual([[1, 13, 2], [1], [13], [2]]);
  });

  it('fail together, and are not asked again, where nobody can be answered', async () => {
    const { gathered, batches } = doubling();
    for (const answer of await Promise.allSettled([gathered.ask(1), gathered.ask(99)]))
      expect(answer).toMatchObject({ status: 'rejected', reason: { message: 'closed' } });
    expect(batches).toEqual([[1, 99]]);
  });
});
