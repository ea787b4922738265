import { systemClock } from './clock.js';
import type { Steps } from './steps.js';

/** Long work lets the event loop turn after this long: what people wait for should not be late by more. */
const SLICE_MS = 8;

/** Does short work at once; of long work a slice in each turn of the event loop. */
export async function runInSlices<T>(steps: Steps<T>): Promise<T> {
  const slice = new Slice();
  let step = steps.next();
  while (step.done !== true) {
    if (slice.isOver) await slice.next();
    step = steps.next();
  }
  return step.value;
}

/** How long others have waited by now: for long work that itself waits now and then, and so cannot be steps. */
export class Slice {
  /** The machine's own time, also in tests that set the clock: nothing that is decided depends on it. */
  private begun = systemClock.monotonic();

  get isOver(): boolean {
    return systemClock.monotonic() - this.begun >= SLICE_MS;
  }

  /** Lets the event loop turn. */
  async next(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.begun = systemClock.monotonic();
  }
}
