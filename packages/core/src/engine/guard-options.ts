import type { BreakerRule } from '../dispatch/circuit-breaker.js';
import type { Duration } from '../kernel/duration.js';
import { inMessage } from '../kernel/in-message.js';
import { duration, optionsOf, refuseUnknown, wholeNumber } from './option-checks.js';

/** What stops work that goes wrong again and again. */
export interface GuardOptions {
  /** Stops starting tasks of an agent for a while when too many of its attempts fail; they wait. Default: off. */
  readonly circuitBreaker?: CircuitBreakerOptions;
  /** Gives a job up with `CASCADE_ABORTED` when so many tasks that depend on each other have failed one after the other; at least 2, 0: never. Default 0. */
  readonly cascadeAfter?: number;
}

export interface CircuitBreakerOptions {
  /** It opens at this share of failed attempts, above 0 and at most 1. Default 0.5. */
  readonly failureRate?: number;
  /** Of the attempts that ended within this time. Default 1 m. */
  readonly window?: Duration;
  /** From so many attempts on. Default 10. */
  readonly attempts?: number;
  /** How long nothing of the agent starts; then one attempt is tried, and a success closes it. Default 30 s. */
  readonly cooldown?: Duration;
}

export interface ParsedGuardOptions {
  readonly breaker: BreakerRule | null;
  readonly cascadeAfter: number;
}

const KNOWN = ['circuitBreaker', 'cascadeAfter'] as const satisfies readonly (keyof GuardOptions)[];
const KNOWN_BREAKER = ['failureRate', 'window', 'attempts', 'cooldown'] as const satisfies readonly (keyof CircuitBreakerOptions)[];

export function parseGuards(given: GuardOptions, problems: string[]): ParsedGuardOptions {
  refuseUnknown(given, KNOWN, 'guards.', problems);
  const { cascadeAfter = 0, circuitBreaker } = given;
  wholeNumber('guards.cascadeAfter', cascadeAfter, 0, problems);
  if (cascadeAfter === 1)
    problems.push('`guards.cascadeAfter` is 1: every failure would end its job, which is what the failure strategy `abort` is for.');
  return {
    breaker: circuitBreaker === undefined ? null : parseBreaker(optionsOf('guards.circuitBreaker', circuitBreaker, problems), problems),
    cascadeAfter,
  };
}

function parseBreaker(given: CircuitBreakerOptions, problems: string[]): BreakerRule {
  const place = 'guards.circuitBreaker';
  refuseUnknown(given, KNOWN_BREAKER, `${place}.`, problems);
  const { failureRate = 0.5, attempts = 10 } = given;
  if (!(typeof failureRate === 'number' && failureRate > 0 && failureRate <= 1))
    problems.push(`\`${place}.failureRate\` is ${inMessage(failureRate)}; it must be a share, above 0 and at most 1.`);
  wholeNumber(`${place}.attempts`, attempts, 1, problems);
  return {
    failureRate,
    attempts,
    windowMs: duration(`${place}.window`, given.window ?? '1m', 1_000, problems),
    cooldownMs: duration(`${place}.cooldown`, given.cooldown ?? '30s', 1, problems),
  };
}
