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
  let begun = performance.now();
  let step = steps.next();
  while (step.done !== true) {
    if (performance.now() - begun >= SLICE_MS) {
      await nextTurn();
      begun = performance.now();
    }
    step = steps.next();
  }
  return step.value;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
