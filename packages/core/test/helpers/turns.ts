import { jest } from '@jest/globals';

/**
 * Makes every step of long work last long, so that the event loop turns after each: what a real machine does now and then
 * happens always. Undone by `jest.restoreAllMocks`.
 */
export function slowSteps(): void {
  let now = performance.now();
  jest.spyOn(performance, 'now').mockImplementation(() => (now += 1_000));
}

/** Counts how often the event loop turns until `done` settles, and lets others do something each time. */
export async function turnsUntil(done: Promise<unknown>, each: () => Promise<void> = async () => undefined): Promise<number> {
  let turns = 0;
  const end = { isReached: false };
  const settled = done.finally(() => (end.isReached = true));
  while (!end.isReached) {
    await new Promise((resolve) => setImmediate(resolve));
    turns += 1;
    await each();
  }
  await settled;
  return turns;
}
