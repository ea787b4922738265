import { ConfigError } from '../errors/definition-errors.js';
import { BACKOFF_KINDS } from '../kernel/backoff.js';
import { durationMs } from '../kernel/duration.js';
import { inMessage } from '../kernel/in-message.js';
import {
  MOST_ATTEMPTS,
  NO_RETRY,
  type AgentRetryOptions,
  type RetryClassifier,
  type RetryOptions,
  type RetryPolicy,
} from '../model/retry-policy.js';

const DEFAULT_DELAY_MS = 1_000;
const DEFAULT_MAX_DELAY_MS = 300_000;
const KNOWN: ReadonlySet<string> = new Set(['maxAttempts', 'backoff', 'delay', 'maxDelay', 'factor', 'jitter']);

/** What is wrong with what a developer wrote about retries of an agent, to be listed with other problems. */
export function retryProblems(options: AgentRetryOptions | number | undefined, owner: string): readonly string[] {
  try {
    parseAgentRetry(options, owner);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

/**
 * Checks and completes what a developer wrote about retries of an agent.
 *
 * @throws as {@link parseRetry} does
 */
export function parseAgentRetry(
  options: AgentRetryOptions | number | undefined,
  owner: string,
): { readonly retry: RetryPolicy; readonly retryOn: RetryClassifier | null } {
  if (typeof options !== 'object' || options === null) return { retry: parseRetry(options, owner), retryOn: null };
  const { retryOn = null, ...rest } = options;
  if (retryOn !== null && typeof retryOn !== 'function')
    throw new ConfigError([`\`retry.retryOn\` of ${owner} is ${inMessage(retryOn)}; it must be a function of an error.`]);
  return { retry: parseRetry(rest, owner), retryOn };
}

/**
 * Checks and completes what a developer wrote about retries.
 *
 * @throws ConfigError with every value that is out of range, naming `owner`.
 */
export function parseRetry(options: RetryOptions | number | undefined, owner: string): RetryPolicy {
  if (options === undefined) return NO_RETRY;
  if (typeof options !== 'number' && (typeof options !== 'object' || options === null))
    throw new ConfigError([`\`retry\` of ${owner} is ${inMessage(options)}; it must be an object, or how often a task is tried.`]);
  const given: RetryOptions = typeof options === 'number' ? { maxAttempts: options } : options;
  const maxAttempts = given.maxAttempts ?? 1;
  const delayMs = durationMs(given.delay ?? DEFAULT_DELAY_MS);
  // A longer first wait is meant: only a longest wait that was given cuts it.
  const maxDelayMs = durationMs(given.maxDelay ?? Math.max(DEFAULT_MAX_DELAY_MS, delayMs ?? 0));
  const factor = given.factor ?? 2;
  const jitter = given.jitter ?? 0;
  const kind = given.backoff ?? (isFrom(maxAttempts, 2, MOST_ATTEMPTS) ? 'exponential' : 'none');

  const problems: string[] = [];
  if ('retryOn' in given) problems.push(`\`retry.retryOn\` of ${owner} is code; only agents have it, in their own options.`);
  for (const key of Object.keys(given))
    if (!KNOWN.has(key) && key !== 'retryOn') problems.push(`\`retry.${key}\` of ${owner} is unknown; known are ${[...KNOWN].join(', ')}.`);
  if (!Number.isInteger(maxAttempts) || !isFrom(maxAttempts, 1, MOST_ATTEMPTS))
    problems.push(`\`retry.maxAttempts\` of ${owner} is ${inMessage(maxAttempts)}; it must be a whole number from 1 to ${MOST_ATTEMPTS}.`);
  if (!BACKOFF_KINDS.includes(kind))
    problems.push(`\`retry.backoff\` of ${owner} is ${inMessage(kind)}; it must be one of ${BACKOFF_KINDS.join(', ')}.`);
  if (delayMs === null) problems.push(`\`retry.delay\` of ${owner} is ${inMessage(given.delay)}; write a duration such as '2s'.`);
  if (maxDelayMs === null) problems.push(`\`retry.maxDelay\` of ${owner} is ${inMessage(given.maxDelay)}; write a duration such as '5m'.`);
  if (given.maxDelay !== undefined && delayMs !== null && maxDelayMs !== null && delayMs > maxDelayMs)
    problems.push(`\`retry.delay\` of ${owner} (${delayMs} ms) is longer than its \`retry.maxDelay\` (${maxDelayMs} ms).`);
  if (!isFrom(factor, 1, 100)) problems.push(`\`retry.factor\` of ${owner} is ${inMessage(factor)}; it must be a number from 1 to 100.`);
  if (!isFrom(jitter, 0, 1)) problems.push(`\`retry.jitter\` of ${owner} is ${inMessage(jitter)}; it must be a number from 0 to 1.`);
  if (problems.length > 0) throw new ConfigError(problems);
  return { maxAttempts, kind, delayMs: delayMs!, maxDelayMs: maxDelayMs!, factor, jitter };
}

function isFrom(value: unknown, least: number, most: number): boolean {
  return typeof value === 'number' && value >= least && value <= most;
}
