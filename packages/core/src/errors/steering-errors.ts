/*
 * Errors whose names are the engine's answer. What an agent throws decides what happens to its attempt:
 *
 *   any other error     failed; retried while the agent's retry policy has attempts left, unless its `retryOn` says no
 *   FatalError          failed; never retried
 *   RetryableError      failed; retried while attempts are left, even where the agent's `retryOn` would say no
 *   RetryAfterError     like RetryableError, and not before the time it names
 */
import { durationMs, type Duration } from '../kernel/duration.js';

const STEERING = Symbol.for('taskloom.steering');
type Steering = 'fatal' | 'retryable' | 'retry-after';

abstract class SteeringError extends Error {
  constructor(steering: Steering, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    Object.defineProperty(this, STEERING, { value: steering });
  }
}

/** The attempt failed and trying again cannot help: the task fails at once, whatever its retry policy. */
export class FatalError extends SteeringError {
  constructor(message: string, options?: ErrorOptions) {
    super('fatal', message, options);
  }
}

/** The attempt failed and may pass next time. Counts as an attempt. */
export class RetryableError extends SteeringError {
  constructor(message: string, options?: ErrorOptions) {
    super('retryable', message, options);
  }
}

/** Like {@link RetryableError}, and not before `retryAfter` (a duration from now) has passed. At most 24 hours are kept. */
export class RetryAfterError extends SteeringError {
  readonly retryAfterMs: number;

  constructor(message: string, retryAfter: Duration, options?: ErrorOptions) {
    super('retry-after', message, options);
    this.retryAfterMs = Math.min(durationMs(retryAfter) ?? 0, 86_400_000);
  }
}

/** What a thrown value asks for; `null` when it leaves the decision to the retry policy. */
export function steeringOf(thrown: unknown): { readonly kind: Steering; readonly retryAfterMs: number } | null {
  if (typeof thrown !== 'object' || thrown === null || !(STEERING in thrown)) return null;
  const retryAfterMs = 'retryAfterMs' in thrown && typeof thrown.retryAfterMs === 'number' ? thrown.retryAfterMs : 0;
  return { kind: thrown[STEERING] as Steering, retryAfterMs };
}
