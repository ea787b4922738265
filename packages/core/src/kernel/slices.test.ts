import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { runInSlices, Slice } from './slices.js';
import { runAtOnce, type Steps } from './steps.js';

let now = 0;
let turns = 0;
let stopCounting = (): void => undefined;

/** Counts the turns of the event loop. */
function countTurns(): void {
  let next = setImmediate(count);
  turns = 0;
  stopCounting = () => clearImmediate(next);
  function count(): void {
    turns += 1;
    next = setImmediate(count);
  }
}

beforeEach(() => {
  jest.spyOn(performance, 'now').mockImplementation(() => now);
  countTurns();
});
afterEach(() => {
  stopCounting();
  jest.restoreAllMocks();
});

function* work(steps: number, stepMs: number): Steps<string> {
  for (let step = 0; step < steps; step += 1) {
    now += stepMs;
    yield;
  }
  return 'done';
}

describe('long work', () => {
  it('lets the event loop turn after every 8 ms', async () => {
    expect(await runInSlices(work(32, 1))).toBe('done');
    expect(turns).toBe(4);
  });

  it('that is short is done in the same turn', async () => {
    expect(await runInSlices(work(7, 1))).toBe('done');
    expect(turns).toBe(0);
  });

  it('may be done at once', () => {
    expect(runAtOnce(work(1_000, 1))).toBe('done');
  });

  it('rejects with what a step throws', async () => {
    function* fails(): Steps<never> {
      yield;
      throw new Error('in the middle');
    }
    await expect(runInSlices(fails())).rejects.toThrow('in the middle');
  });

  it('that waits itself asks how long others have waited', async () => {
    const slice = new Slice();
    expect(slice.isOver).toBe(false);
    now += 8;
    expect(slice.isOver).toBe(true);
    await slice.next();
    expect(turns).toBe(1);
    expect(slice.isOver).toBe(false);
  });
});
