import type { RequestKind } from './human-request.js';

/**
 * Why a task stands where it stands: every answer there is, what it means, and what moves the task on. `Task.why` and
 * `engine.why` give one of these.
 */
export const WHY_CODES = {
  // It waits
  WAITING_CONFIRMATION: { title: 'Its job waits to be confirmed.', remedy: 'Confirm the job, or cancel it.' },
  WAITING_START_TIME: { title: 'The start time of its job, or its own, has not come.', remedy: 'Nothing: it starts at `until`.' },
  HELD: {
    title: 'An operator holds it, or something above it.',
    remedy: 'Resume what `blockers` names: the job for its objective, else the task.',
  },
  JOB_WAITS_FOR_DECISION: { title: 'A task of its job failed, and a person has to decide.', remedy: 'Answer the request in `requests`.' },
  WAITING_DEPENDENCIES: { title: 'Tasks that it depends on have not ended.', remedy: 'Look at `blockers`.' },
  WAITING_PARENT: { title: 'Something above it waits for its own dependencies.', remedy: 'Look at `blockers`.' },
  WAITING_CHILDREN: { title: 'Tasks below it have not ended.', remedy: 'Look at `blockers`.' },
  WAITING_NEEDS: { title: 'Its agent asked for tasks that have not ended.', remedy: 'Look at `blockers`.' },
  WAITING_HUMAN: { title: 'Its agent asked a person.', remedy: 'Answer the request in `requests`.' },
  FAILED_AND_ASKS: {
    title: 'It failed, and a person has to decide.',
    remedy: 'Answer the request in `requests`: retry, skip, abort or a value.',
  },
  WAITING_REVIEW: { title: 'Its output waits to be judged.', remedy: 'Accept or reject the task, or look at the reviewer in `blockers`.' },
  WAITING_TIMER: { title: 'Its agent sleeps.', remedy: 'Nothing: it goes on at `until`.' },
  WAITING_RETRY: { title: 'Its last attempt failed; it waits before the next one.', remedy: 'Nothing: it starts at `until`.' },
  WAITING_FALLBACK: { title: 'It failed; the task in `blockers` stands in for it.', remedy: 'Look at `blockers`.' },
  DORMANT: {
    title: 'It stands in for the task in `blockers`, which has not failed.',
    remedy: 'Nothing: it is skipped when it is not needed.',
  },
  WAITING_LIMIT: { title: 'A limit has no room for it.', remedy: 'Wait, or raise `limit`.' },
  AGENT_UNAVAILABLE: {
    title: "Its agent's code is not in this process.",
    remedy: 'Deploy and register the agent; the task starts by itself.',
  },
  MANUAL: { title: 'Running it again may not be safe.', remedy: 'Look at its error, then use resumeTask with RERUN, COMPLETED or FAILED.' },
  READY: { title: 'It starts with the next free moment of the process.', remedy: 'Nothing.' },
  RUNNING: { title: 'An attempt runs.', remedy: 'Nothing.' },
  // It has ended without running to its end
  SKIPPED_BY_DEPENDENCY: {
    title: 'What it needed did not complete.',
    remedy: 'Look at `blockers`; retryJob runs it again with what failed.',
  },
  SKIPPED_BY_CONDITION: { title: 'Its condition was false.', remedy: 'Look at the output of `blockers`.' },
  SKIPPED_BY_AGENT: { title: 'Its agent found that it does not apply.', remedy: 'Read its message.' },
  SKIPPED_WITH_PARENT: { title: 'The task above it was skipped.', remedy: 'Look at `blockers`.' },
  SKIPPED_WITH_CHILDREN: { title: 'Everything below it was skipped.', remedy: 'Look at the tasks below it.' },
  NOT_NEEDED: { title: 'What it stands in for did not fail.', remedy: 'Nothing.' },
  BY_PERSON: { title: 'A person decided so.', remedy: 'Read who and why in its history; retryTask runs it again.' },
  CANCELLED_WITH_JOB: { title: 'Its job ended before it.', remedy: 'retryJob runs it.' },
  CANCELLED_WITH_PARENT: { title: 'The task above it ended before it.', remedy: 'Look at `blockers`.' },
  SUPERSEDED: { title: 'It belongs to an earlier generation of the task that added it.', remedy: 'Nothing.' },
  FAILED: { title: 'Its attempts failed.', remedy: 'Read its error; retryTask runs it again.' },
  FAILED_BY_CHILD: { title: 'A task below it failed.', remedy: 'Look at `blockers`.' },
  FAILED_BY_DEADLINE: { title: 'It had not ended by its deadline.', remedy: 'Give it a later deadline; retryTask runs it again.' },
  REJECTED: { title: 'Its reviews did not accept it.', remedy: 'Read the feedback in its history.' },
  DONE: { title: 'It has its output.', remedy: 'Nothing.' },
  RECOVERED: { title: 'It failed, and something else stands in for its output.', remedy: 'Read its error; look at `blockers`.' },
} as const satisfies Readonly<Record<string, { readonly title: string; readonly remedy: string }>>;

export type WhyCode = keyof typeof WHY_CODES;

/** Why a task stands where it stands, as data. */
export interface Why {
  readonly code: WhyCode;
  /** Numbers of the tasks that hold it back, or brought its end about: at most 20. */
  readonly blockers: readonly number[];
  /** The limit that has no room. */
  readonly limit: string | null;
  /** When it goes on by itself, in milliseconds since the epoch. */
  readonly until: number | null;
  /** Open questions that it waits for, by number. */
  readonly requests: readonly { readonly request: number; readonly kind: RequestKind; readonly name: string }[];
}
