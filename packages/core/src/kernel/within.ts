import type { Clock } from './clock.js';

/** What is done, thrown or not, unless it takes longer than `ms`: then it rejects with an error that says so, and is not waited for. */
export async function within<T>(clock: Clock, ms: number, act: () => T): Promise<Awaited<T>> {
  let stopTimer = (): void => undefined;
  const tooLong = new Promise<never>((_, reject) => {
    stopTimer = clock.schedule(ms, () => reject(new Error(`it took longer than ${ms} ms`)));
  });
  try {
    return await Promise.race([Promise.resolve().then(act), tooLong]);
  } finally {
    stopTimer();
  }
}
