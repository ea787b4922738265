import { describe, expect, it } from '@jest/globals';
import { mapLimited } from './map-limited.js';

describe('mapping with a limit', () => {
  it('keeps the order and never has more calls under way than allowed', async () => {
    let underWay = 0;
    let most = 0;
    const results = await mapLimited([5, 1, 4, 2, 3, 0], 2, async (turns) => {
      most = Math.max(most, ++underWay);
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      underWay -= 1;
      return turns * 10;
    });
    expect(results).toEqual([50, 10, 40, 20, 30, 0]);
    expect(most).toBe(2);
  });

  it('begins no further call after a failure or an abort', async () => {
    const begun: number[] = [];
    const failing = mapLimited([0, 1, 2, 3], 1, async (item) => {
      begun.push(item);
      if (item === 1) throw new Error('broken');
    });
    await expect(failing).rejects.toThrow('broken');
    expect(begun).toEqual([0, 1]);
    await expect(mapLimited([1], 1, async (item) => item, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });
});
