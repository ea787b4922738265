import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { completeOptions } from '../client-options.js';
import { ApiResponseError } from '../errors.js';
import { Retries } from './retries.js';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const LOST = new Error('connect ECONNREFUSED');
const LIMITED = new ApiResponseError([{ message: 'slower', extensions: { code: 'RATE_LIMITED', details: { retryAfterMs: 700 } } }]);

/** How long each of some attempts in a row waits, in milliseconds. */
async function waitsOf(causes: readonly unknown[]): Promise<number[]> {
  const retries = new Retries(completeOptions({ url: 'http://127.0.0.1/graphql' }), undefined);
  const waits: number[] = [];
  for (const cause of causes) {
    const begun = Date.now();
    const waited = retries.after(cause);
    await jest.runAllTimersAsync();
    await waited;
    waits.push(Date.now() - begun);
  }
  return waits;
}

describe('attempts to connect again', () => {
  it('wait longer each time, up to 10 s, with a random part left out', async () => {
    const waits = await waitsOf(Array.from({ length: 9 }, () => LOST));
    for (const [index, longest] of [100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000].entries()) {
      expect(waits[index]).toBeGreaterThanOrEqual(longest / 2);
      expect(waits[index]).toBeLessThanOrEqual(longest);
    }
  });

  it('wait as long as the server says', async () => {
    expect(await waitsOf([LIMITED])).toEqual([700]);
  });

  it.each([
    ['a lost connection', LOST],
    ['a refusal for a while', LIMITED],
  ])('leave nothing behind after %s when they are told to end', async (_what, cause) => {
    const leaving = new AbortController();
    const waiting = new Retries(completeOptions({ url: 'http://127.0.0.1/graphql' }), leaving.signal).after(cause);
    leaving.abort();
    await waiting;
    expect(jest.getTimerCount()).toBe(0);
  });

  it('tell a waiting of your own which attempt it is and when to end', async () => {
    const { signal } = new AbortController();
    const retryWait = jest.fn(async () => {});
    const retries = new Retries(completeOptions({ url: 'http://127.0.0.1/graphql', retryWait }), signal);
    await retries.after(LOST);
    await retries.after(LOST);
    expect(retryWait.mock.calls).toEqual([
      [1, signal],
      [2, signal],
    ]);
  });
});
