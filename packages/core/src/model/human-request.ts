import type { JsonObject } from '../kernel/json.js';

/**
 * What a person is asked for. `question`: an agent asks (`ctx.ask`); `failure`: a task with the strategy `ask` failed;
 * `conflict`: a dependency that an agent wanted would close a circle.
 */
export const REQUEST_KINDS = ['question', 'failure', 'conflict'] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];

/** What happens at a request's deadline: the asker goes on without an answer, the job pauses, or the asker gets an error. */
export const TIMEOUT_ACTIONS = ['decide', 'pause', 'fail'] as const;
export type TimeoutAction = (typeof TIMEOUT_ACTIONS)[number];

/** Stored as the index in this list: append only. */
export const REQUEST_STATUSES = ['OPEN', 'ANSWERED', 'EXPIRED', 'WITHDRAWN'] as const;
export type RequestStatus = (typeof REQUEST_STATUSES)[number];

/** A durable question to a person, before it has a number. */
export interface NewRequest {
  readonly kind: RequestKind;
  /** Identifies the question in its task's memo. */
  readonly name: string;
  /** What people read. */
  readonly question: string;
  /** What the question is about, shown beside it. */
  readonly about: JsonObject | null;
  /** JSON Schema of the answer; `null`: any JSON. */
  readonly schema: JsonObject | null;
  /** Milliseconds since the epoch; `null`: open for ever. */
  readonly deadline: number | null;
  readonly onTimeout: TimeoutAction;
  /** Whom it is meant for, in the application's own words; `null`: anybody. */
  readonly assignee: string | null;
  /** Of the question as it is shown: an answer that names another one is refused. */
  readonly hash: string;
}

/** Decisions that a person can take on a task that failed for good. */
export const FAILURE_DECISIONS = ['retry', 'skip', 'abort', 'value'] as const;
export type FailureDecision = (typeof FAILURE_DECISIONS)[number];
