import { TaskloomError, type TaskSubmission } from '@taskloom/core';

import { isGiven, present } from '../present.js';
import type { RetryInput } from './retry.input.js';
import type { TaskOverridesInput } from './task-overrides.input.js';

type TaskOverrides = NonNullable<TaskSubmission['overrides']>;
type RetryPolicy = NonNullable<TaskOverrides['retry']>;

/** The completed form of what a caller wrote. @throws TaskloomError `OPTIONS_INVALID` with everything that is out of range, naming `owner` */
export function toTaskOverrides({ retry, timeout, idleTimeout, ...demands }: TaskOverridesInput, owner: string): TaskOverrides {
  const problems: string[] = [];
  const overrides = {
    ...(retry ? { retry: toRetryPolicy(retry, owner, problems) } : undefined),
    ...(isGiven(timeout) ? { timeoutMs: inRange('timeout', timeout, 0, Number.MAX_SAFE_INTEGER, owner, problems) } : undefined),
    ...(isGiven(idleTimeout)
      ? { idleTimeoutMs: inRange('idleTimeout', idleTimeout, 0, Number.MAX_SAFE_INTEGER, owner, problems) }
      : undefined),
    ...present(demands),
  };
  if (problems.length > 0) throw new TaskloomError('OPTIONS_INVALID', problems.join(' '), { details: { problems } });
  return overrides;
}

function toRetryPolicy(retry: RetryInput, owner: string, problems: string[]): RetryPolicy {
  const { maxAttempts = 1, backoff, delay = 1_000, maxDelay = 300_000, factor = 2, jitter = 0 } = present(retry);
  return {
    maxAttempts: inRange('retry.maxAttempts', maxAttempts, 1, 1_000, owner, problems),
    kind: backoff ?? (maxAttempts > 1 ? 'exponential' : 'none'),
    delayMs: inRange('retry.delay', delay, 0, Number.MAX_SAFE_INTEGER, owner, problems),
    maxDelayMs: inRange('retry.maxDelay', maxDelay, 0, Number.MAX_SAFE_INTEGER, owner, problems),
    factor: inRange('retry.factor', factor, 1, 100, owner, problems),
    jitter: inRange('retry.jitter', jitter, 0, 1, owner, problems),
  };
}

function inRange(name: string, value: number, least: number, most: number, owner: string, problems: string[]): number {
  if (value < least || value > most) problems.push(`\`${name}\` of ${owner} is ${value}; it must be from ${least} to ${most}.`);
  return value;
}
