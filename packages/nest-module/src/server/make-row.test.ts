import { describe, expect, it } from '@jest/globals';

import { makeRow } from './make-row.js';

describe('what is made of a row', () => {
  it('is there at once where nothing has to be waited for', () => {
    expect(makeRow([1, 2, 3], (item) => item * 2)).toEqual([2, 4, 6]);
    expect(makeRow([], () => 1)).toEqual([]);
  });

  it('is made one after the other from the first on that has to be waited for', async () => {
    const steps: string[] = [];
    const made = makeRow([1, 2, 3], (item) => {
      steps.push(`begin ${item}`);
      if (item !== 2) return item * 2;
      return Promise.resolve().then(() => (steps.push(`end ${item}`), item * 2));
    });
    expect(made).toBeInstanceOf(Promise);
    expect(await made).toEqual([2, 4, 6]);
    expect(steps).toEqual(['begin 1', 'begin 2', 'end 2', 'begin 3']);
  });

  it('fails with the item that fails', async () => {
    await expect(makeRow([1, 2], (item) => (item === 2 ? Promise.reject(new Error('no')) : item))).rejects.toThrow('no');
  });
});
