import { describe, expect, it } from '@jest/globals';

import { ConfigError } from '../errors/definition-errors.js';
import { NO_RETRY, type RetryOptions } from '../model/retry-policy.js';
import { parseAgentRetry, parseRetry, retryProblems } from './retry-options.js';

function problemsOf(options: unknown): readonly string[] {
  try {
    parseRetry(options as RetryOptions, 'agent "a"');
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('what a developer writes about retries', () => {
  it('is nothing: then there is one attempt', () => {
    expect(parseRetry(undefined, 'x')).toBe(NO_RETRY);
    expect(parseRetry({}, 'x')).toMatchObject({ maxAttempts: 1, kind: 'none' });
  });

  it('is a number of attempts: then the wait doubles from a second to five minutes', () => {
    expect(parseRetry(3, 'x')).toEqual({ maxAttempts: 3, kind: 'exponential', delayMs: 1_000, maxDelayMs: 300_000, factor: 2, jitter: 0 });
  });

  it('is everything', () => {
    const options: RetryOptions = { maxAttempts: 5, backoff: 'linear', delay: '250ms', maxDelay: '2s', factor: 1.5, jitter: 0.3 };

    expect(parseRetry(options, 'x')).toEqual({ maxAttempts: 5, kind: 'linear', delayMs: 250, maxDelayMs: 2_000, factor: 1.5, jitter: 0.3 });
  });

  it('is no code where it stands with a task', () => {
    expect(problemsOf({ maxAttempts: 2, retryOn: () => true })).toEqual([
      '`retry.retryOn` of agent "a" is code; only agents have it, in their own options.',
    ]);
  });

  it('is code of an agent, or nothing', () => {
    const retryOn = (): boolean => true;
    expect(parseAgentRetry({ maxAttempts: 2, retryOn }, 'x')).toMatchObject({ retry: { maxAttempts: 2 }, retryOn });
    expect(parseAgentRetry({ maxAttempts: 2, retryOn }, 'x').retry).not.toHaveProperty('retryOn');
    expect(parseAgentRetry(3, 'x')).toMatchObject({ retry: { maxAttempts: 3 }, retryOn: null });
    expect(retryProblems({ retryOn: 'always' as never }, 'agent "a"')).toEqual([
      '`retry.retryOn` of agent "a" is "always"; it must be a function of an error.',
    ]);
  });

  it('is a first wait longer than the usual longest one', () => {
    expect(parseRetry({ maxAttempts: 2, delay: '10m' }, 'x')).toMatchObject({ delayMs: 600_000, maxDelayMs: 600_000 });
  });

  it.each<[string, unknown, string]>([
    ['no attempt', { maxAttempts: 0 }, 'retry.maxAttempts'],
    ['less than no attempt', { maxAttempts: -1 }, 'retry.maxAttempts'],
    ['half an attempt', { maxAttempts: 1.5 }, 'retry.maxAttempts'],
    ['a thousand million attempts', { maxAttempts: 1e9 }, 'retry.maxAttempts'],
    ['NaN attempts', { maxAttempts: Number.NaN }, 'retry.maxAttempts'],
    ['endless attempts', { maxAttempts: Number.POSITIVE_INFINITY }, 'retry.maxAttempts'],
    ['a text of attempts', { maxAttempts: '3' }, 'retry.maxAttempts'],
    ['a negative number', -1, 'retry.maxAttempts'],
    ['a factor of 0', { factor: 0 }, 'retry.factor'],
    ['a factor below 1', { factor: 0.5 }, 'retry.factor'],
    ['a factor of NaN', { factor: Number.NaN }, 'retry.factor'],
    ['a factor without end', { factor: Number.POSITIVE_INFINITY }, 'retry.factor'],
    ['a factor in words', { factor: '2' }, 'retry.factor'],
    ['a factor that no wait can be multiplied by', { factor: 2n }, 'retry.factor'],
    ['a factor that is a symbol', { factor: Symbol('x') }, 'retry.factor'],
    ['a jitter in words', { jitter: '0.5' }, 'retry.jitter'],
    ['a jitter that is a symbol', { jitter: Symbol('x') }, 'retry.jitter'],
    ['a symbol of attempts', { maxAttempts: Symbol('x') }, 'retry.maxAttempts'],
    ['a bigint of attempts', { maxAttempts: 3n }, 'retry.maxAttempts'],
    ['a jitter below 0', { jitter: -0.1 }, 'retry.jitter'],
    ['a jitter above 1', { jitter: 1.1 }, 'retry.jitter'],
    ['a jitter of NaN', { jitter: Number.NaN }, 'retry.jitter'],
    ['a delay in words', { delay: '5 minutes' }, 'retry.delay'],
    ['a negative delay', { delay: '-1s' }, 'retry.delay'],
    ['a delay of NaN', { delay: Number.NaN }, 'retry.delay'],
    ['a longest delay without end', { maxDelay: Number.POSITIVE_INFINITY }, 'retry.maxDelay'],
    ['a delay longer than the longest', { delay: '10s', maxDelay: '1s' }, 'retry.delay'],
    ['a kind that is none', { backoff: 'fibonacci' }, 'retry.backoff'],
    ['an option that is none', { maxAttempt: 3 }, 'retry.maxAttempt'],
  ])('is not %s', (_, options, named) => {
    const problems = problemsOf(options);

    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`\`${named}\``);
    expect(problems[0]).toContain('agent "a"');
  });

  it('is refused with everything that is wrong with it', () => {
    expect(problemsOf({ maxAttempts: 0, factor: 0, jitter: 2, backoff: 'x', delay: 'y', maxDelay: 'z', extra: 1 })).toHaveLength(7);
  });
});
