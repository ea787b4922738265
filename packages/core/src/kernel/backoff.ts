export const BACKOFF_KINDS = ['none', 'fixed', 'linear', 'exponential'] as const;
export type BackoffKind = (typeof BACKOFF_KINDS)[number];

/** How long to wait before attempt `n + 1`, given that attempt `n` failed. All times in milliseconds. */
export interface Backoff {
  readonly kind: BackoffKind;
  readonly delayMs: number;
  readonly maxDelayMs: number;
  /** Multiplies the delay each time; exponential only. */
  readonly factor: number;
  /** Share of the delay that is left to chance, 0–1: 0.2 takes up to a fifth off. */
  readonly jitter: number;
}

/**
 * The wait after `failures` failed attempts (1 for the first). `random` is a number in [0, 1); it decides the jitter,
 * so that the result is a function of its arguments.
 */
export function backoffDelayMs(backoff: Backoff, failures: number, random: number): number {
  const full = Math.min(fullDelayMs(backoff, failures), backoff.maxDelayMs);
  return Math.round(full * (1 - backoff.jitter * random));
}

function fullDelayMs(backoff: Backoff, failures: number): number {
  switch (backoff.kind) {
    case 'none':
      return 0;
    case 'fixed':
      return backoff.delayMs;
    case 'linear':
      return backoff.delayMs * failures;
    case 'exponential':
      // No delay stays none, also where the factor has grown beyond all numbers.
      return backoff.delayMs === 0 ? 0 : backoff.delayMs * backoff.factor ** (failures - 1);
  }
}
