import { backoffDelayMs } from '../kernel/backoff.js';
import type { Fail, HandBack, Park } from '../model/command.js';
import type { JobEvent } from '../model/event.js';
import { currentAttempt } from './current-attempt.js';
import { cascading } from './cascade.js';
import { failEvents } from './fail-events.js';
import type { MachineLimits } from './machine-limits.js';
import type { JobState, TaskState } from './job-state.js';

/** The attempt failed: another one is scheduled while the policy has attempts left, else the failure is final. */
export function decideFail(state: JobState, command: Fail, { cascadeAfter }: Pick<MachineLimits, 'cascadeAfter'>, at: number): JobEvent[] {
  const task = currentAttempt(state, command);
  const { error, timedOut, retry, strategy } = command;
  // It may have had its effect all the same; only a person can tell.
  if (timedOut && task.extras?.atMostOnce && strategy !== 'abort')
    return [
      {
        type: 'TASK_PARKED',
        at,
        actor: 'engine',
        task: task.no,
        cause: { reason: 'MANUAL', message: 'It ran out of time and must not run twice; say what became of it.', error },
      },
    ];
  if (!command.retryable || task.attempt >= retry.maxAttempts || strategy === 'abort') {
    const events = failEvents(state, task, { error, timedOut, actor: 'agent', ...(strategy === undefined ? undefined : { strategy }) }, at);
    return cascadeAfter === 0 ? events : events.map((event) => cascading(state, event, cascadeAfter));
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

/** The attempt stops because its process does: no failure, no strike. What must not run twice waits for a person all the same. */
export function decideHandBack(state: JobState, command: HandBack, at: number): JobEvent[] {
  const task = currentAttempt(state, command);
  const { no, attempt, strikes } = task;
  const abandoned: JobEvent = { type: 'TASK_ABANDONED', at, actor: 'engine', task: no, attempt, strikes };
  if (!task.extras?.atMostOnce) return [abandoned];
  const message = 'Its process stopped while it ran, and it must not run twice; say what became of it.';
  return [abandoned, { type: 'TASK_PARKED', at, actor: 'engine', task: no, cause: { reason: 'MANUAL', message } }];
}

/** Deaths of the process after which a task runs alone, so that it is known who brings them about. */
export const STRIKES_BEFORE_ALONE = 2;
/** Deaths of the process while the task ran alone, after which only a person can let it run again. */
const DEATHS_ALONE = 5;

/** Every attempt that an earlier process ran is over; its task starts again, unless that may do harm. */
export function decideRecover(state: JobState, at: number): JobEvent[] {
  const found = state.tasks.filter((task) => task.status === 'IN_PROGRESS');
  if (found.length === 0) return [];
  const events = found.flatMap((task) => abandon(task, at));
  const parked = events.filter(({ type }) => type === 'TASK_PARKED').length;
  return [
    ...events,
    { type: 'JOB_RECOVERED', at, actor: 'engine', found: found.length, requeued: found.length - parked, parked, failed: 0 },
  ];
}

function abandon(task: TaskState, at: number): JobEvent[] {
  const strikes = task.strikes + 1;
  const abandoned: JobEvent = { type: 'TASK_ABANDONED', at, actor: 'engine', task: task.no, attempt: task.attempt, strikes };
  const message = task.extras?.atMostOnce
    ? 'Its process died while it ran, and it must not run twice; say what became of it.'
    : strikes >= STRIKES_BEFORE_ALONE + DEATHS_ALONE
      ? `Its process died ${strikes} times while it ran, the last ${DEATHS_ALONE} times while nothing else did.`
      : null;
  if (message === null) return [abandoned];
  const error = { code: 'PROCESS_DIED', message } as const;
  return [abandoned, { type: 'TASK_PARKED', at, actor: 'engine', task: task.no, cause: { reason: 'MANUAL', message, error } }];
}
