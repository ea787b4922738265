import type { StoredError } from '../errors/serialize-error.js';
import type { Resources } from '../model/demands.js';
import type { PluginAttempt } from './plugin.js';

/** A failure that is to be judged. */
export interface FailureQuestion {
  readonly attempt: PluginAttempt;
  readonly error: StoredError;
  /** Whether it is tried again where nobody says otherwise. */
  readonly retryable: boolean;
}

/** Whether another attempt may help, as far as the task's retry policy leaves any. Nothing: whoever is asked next knows. */
export type RetryRule = (failure: FailureQuestion) => boolean | undefined;

/** Rules that a plugin brings. They answer at once, so they cost no waiting, and are the same for every attempt. */
export interface PluginPolicies<Limit> {
  /** Not asked about errors that say it themselves (`FatalError`, `RetryableError`, `RetryAfterError`). */
  readonly retry?: RetryRule;
  /** Named limits, beside those of the engine. */
  readonly namedLimits?: { readonly [name: string]: Limit };
  /** Pools, beside those of the engine. */
  readonly pools?: Resources;
}
