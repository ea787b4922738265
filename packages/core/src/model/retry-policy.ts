import type { Backoff, BackoffKind } from '../kernel/backoff.js';
import type { Duration } from '../kernel/duration.js';

/** What developers write. A bare number is `maxAttempts`. */
export interface RetryOptions {
  /** Attempts in all, the first included. Default 1: no retry. */
  readonly maxAttempts?: number;
  /** Default `exponential` where `maxAttempts` is above 1. */
  readonly backoff?: BackoffKind;
  /** Wait after the first failure. Default 1 s. */
  readonly delay?: Duration;
  /** Longest wait. Default 5 min. */
  readonly maxDelay?: Duration;
  /** Exponential only. Default 2. */
  readonly factor?: number;
  /** 0–1, the share of each wait that is left to chance. Default 0. */
  readonly jitter?: number;
}

/**
 * Whether another attempt may help after an error, which comes as it was thrown. Answers at once: one that throws, or gives no
 * boolean, counts as if there were none.
 */
export type RetryClassifier = (error: unknown) => boolean;

/** What developers write of an agent: a function lives in code, so tasks have none. */
export interface AgentRetryOptions extends RetryOptions {
  /**
   * Which failures are worth another attempt, while there are any left. Not asked about errors that say it themselves
   * (`FatalError`, `RetryableError`, `RetryAfterError`), nor about those that the same input would meet again. Default: all are.
   */
  readonly retryOn?: RetryClassifier;
}

export const MOST_ATTEMPTS = 1_000;

/** What the engine reads: complete and checked. */
export interface RetryPolicy extends Backoff {
  /** 1 to `MOST_ATTEMPTS`. */
  readonly maxAttempts: number;
}

export const NO_RETRY: RetryPolicy = { maxAttempts: 1, kind: 'none', delayMs: 0, maxDelayMs: 0, factor: 2, jitter: 0 };
