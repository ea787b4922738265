/**
 * Where time comes from. Nothing else in the engine asks what time it is, so that a test can set it.
 *
 * `now()` is wall time (milliseconds since the epoch) and is what gets stored; `monotonic()` never jumps and is what
 * timeouts inside one process are measured with.
 */
export interface Clock {
  now(): number;
  monotonic(): number;
  /** Calls `act` once, `delayMs` from now. Returns a function that calls it off. */
  schedule(delayMs: number, act: () => void): () => void;
}

/** Node's longest timer; a longer one fires at once (https://nodejs.org/api/timers.html). */
const MAX_TIMER_MS = 2_147_483_647;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  schedule(delayMs, act) {
    if (delayMs > MAX_TIMER_MS) return scheduleFar(delayMs, act);
    const timer = setTimeout(act, Math.max(0, delayMs));
    return () => clearTimeout(timer);
  },
};

function scheduleFar(delayMs: number, act: () => void): () => void {
  let stop: () => void;
  const timer = setTimeout(() => (stop = systemClock.schedule(delayMs - MAX_TIMER_MS, act)), MAX_TIMER_MS);
  stop = () => clearTimeout(timer);
  return () => stop();
}
