import { inLog } from '../errors/in-log.js';
import type { RetryClassifier } from '../model/retry-policy.js';
import type { Logger } from '../ports/logger.js';
import type { FailureQuestion, RetryRule } from '../ports/policies.js';
import type { PluginAttempt } from '../ports/plugin.js';
import type { Outcome } from './outcome.js';

/** A rule, and the plugin that it came with. */
export interface NamedRule {
  readonly plugin: string;
  readonly retry: RetryRule;
}

/**
 * Asks whether a failure is worth another attempt: the agent's own classifier about what might pass next time, then the rules of
 * plugins, of which the first that knows decides.
 */
export class FailureRules {
  constructor(
    private readonly rules: readonly NamedRule[],
    private readonly logger: Logger,
  ) {}

  /** The same outcome, judged. What an error says of itself stands. */
  judged(attempt: PluginAttempt, outcome: Outcome, retryOn: RetryClassifier | null): Outcome {
    if (outcome.kind !== 'failed' || outcome.steered) return outcome;
    const own =
      retryOn !== null && outcome.retryable ? { ...outcome, retryable: this.askAgent(attempt, retryOn, outcome.thrown) } : outcome;
    if (this.rules.length === 0) return own;
    const question = Object.freeze({ attempt, error: own.error, retryable: own.retryable });
    for (const rule of this.rules) {
      const retryable = this.ask(rule, question);
      if (retryable !== null) return { ...own, retryable };
    }
    return own;
  }

  private askAgent({ agent, taskId }: PluginAttempt, retryOn: RetryClassifier, thrown: unknown): boolean {
    try {
      return booleanOf(retryOn(thrown));
    } catch (error) {
      this.logger.error('`retryOn` of an agent failed; the failure counts as worth another attempt.', {
        agent,
        taskId,
        ...inLog(error),
      });
      return true;
    }
  }

  private ask({ plugin, retry }: NamedRule, question: FailureQuestion): boolean | null {
    try {
      const said: unknown = retry(question);
      return said === undefined || said === null ? null : booleanOf(said);
    } catch (error) {
      this.logger.error('A policy of a plugin failed.', { plugin, policy: 'retry', ...inLog(error) });
      return null;
    }
  }
}

/** @throws TypeError for everything else */
function booleanOf(said: unknown): boolean {
  if (typeof said === 'boolean') return said;
  // A promise is no answer; that it rejects must not end the process.
  if (said instanceof Promise) said.catch(() => undefined);
  throw new TypeError('what it returned is neither true nor false');
}
