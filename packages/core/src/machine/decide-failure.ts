import { backoffDelayMs } from '../kernel/backoff.js';
import type { Fail, HandBack, Park } from '../model/command.js';
import type { JobEvent } from '../model/event.js';
import { currentAttempt } from './current-attempt.js';
import type { JobState } from './job-state.js';

/** The attempt failed: another one is scheduled while the policy has attempts left, else the task is FAILED. */
export function decideFail(state: JobState, command: Fail, at: number): JobEvent[] {
  const task = currentAttempt(state, command);
  const { error, timedOut, retry } = command;
  if (!command.retryable || task.attempt >= retry.maxAttempts) {
    return [{ type: 'TASK_FAILED', at, actor: 'agent', task: task.no, attempt: task.attempt, error, timedOut }];
  }
  const delayMs = Math.max(backoffDelayMs(retry, task.attempt, command.random), command.retryAfterMs);
  return [
    {
      type: 'TASK_RETRY_SCHEDULED',
      at,
      actor: 'agent',
      task: task.no,
      attempt: task.attempt,
      error,
      timedOut,
      availableAt: delayMs === 0 ? 0 : at + delayMs,
    },
  ];
}

/** The attempt cannot go on before something outside has happened. */
export function decidePark(state: JobState, command: Park, at: number): JobEvent[] {
  const task = currentAttempt(state, command);
  return [{ type: 'TASK_PARKED', at, actor: 'engine', task: task.no, cause: { reason: command.reason, message: command.message } }];
}

/** The attempt stops because its process does: no failure, no strike. */
export function decideHandBack(state: JobState, command: HandBack, at: number): JobEvent[] {
  const task = currentAttempt(state, command);
  return [{ type: 'TASK_ABANDONED', at, actor: 'engine', task: task.no, attempt: task.attempt, strikes: task.strikes }];
}
