/** Long work, cut into short pieces: it yields wherever others may come in between. */
export type Steps<T> = Generator<void, T, void>;

/** Long work lets the event loop turn after this long: what people wait for should not be late by more. */
const SLICE_MS = 8;

/** Does everything before anybody else comes in between. */
export function runAtOnce<T>(steps: Steps<T>): T {
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}

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
  private begun = performance.now();

  get isOver(): boolean {
    return performance.now() - this.begun >= SLICE_MS;
  }

  /** Lets the event loop turn. */
  async next(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.begun = performance.now();
  }
}
