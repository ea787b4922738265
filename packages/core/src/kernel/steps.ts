/** Long work, cut into short pieces: it yields wherever others may come in between. Who runs it decides whether they do. */
export type Steps<T> = Generator<void, T, void>;

/** Does everything before anybody else comes in between. */
export function runAtOnce<T>(steps: Steps<T>): T {
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}
