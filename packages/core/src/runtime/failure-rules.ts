import { serializeError } from '../errors/serialize-error.js';
import type { Logger } from '../ports/logger.js';
import type { FailureQuestion, RetryRule } from '../ports/policies.js';
import type { PluginAttempt } from '../ports/plugin.js';
import type { Outcome } from './outcome.js';

/** A rule, and the plugin that it came with. */
export interface NamedRule {
  readonly plugin: string;
  readonly retry: RetryRule;
}

/** Asks the rules of plugins whether a failure is worth another attempt: the first that knows decides. */
export class FailureRules {
  constructor(
    private readonly rules: readonly NamedRule[],
    private readonly logger: Logger,
  ) {}

  /** The same outcome, judged. What an error says of itself stands. */
  judged(attempt: PluginAttempt, outcome: Outcome): Outcome {
    if (outcome.kind !== 'failed' || outcome.steered || this.rules.length === 0) return outcome;
    const question = Object.freeze({ attempt, error: outcome.error, retryable: outcome.retryable });
    for (const rule of this.rules) {
      const retryable = this.ask(rule, question);
      if (retryable !== null) return { ...outcome, retryable };
    }
    return outcome;
  }

  private ask({ plugin, retry }: NamedRule, question: FailureQuestion): boolean | null {
    try {
      const said: unknown = retry(question);
      if (typeof said === 'boolean') return said;
      if (said === undefined || said === null) return null;
      throw new TypeError('what it returned is neither true nor false');
    } catch (error) {
      this.logger.error('A policy of a plugin failed.', { plugin, policy: 'retry', error: serializeError(error).message });
      return null;
    }
  }
}
