import type { EventView, JobView, TaskView } from '@taskloom/core';

import type { ApiCaller } from './api-caller.js';
import type { ApiRequest } from './api-request.js';

/** The application's own checks: one function that checks callers, or hooks for each level. */
export type Authorize = CheckCaller | AuthorizeHooks;

/**
 * Who may use the API at all: `false` (or nothing) refuses, `true` admits, a caller admits and says who it is. Asked for
 * each HTTP request; on a WebSocket when it connects, again for each operation, and every 30 s while a subscription is
 * open. Throwing refuses too.
 */
export type CheckCaller = (request: ApiRequest) => Authorization | Promise<Authorization>;

export type Authorization = boolean | null | undefined | ApiCaller;

/** What is to be done with a job or a task: looked at, or changed (cancelled, retried …). */
export type ApiAction = 'read' | 'control';

/** A field of the schema that is to be answered: `{ type: 'Mutation', name: 'startWorkflow' }`, `{ type: 'Job', name: 'input' }`. */
export interface ApiField {
  readonly type: string;
  readonly name: string;
  /** The arguments it was asked with. */
  readonly args: Readonly<Record<string, unknown>>;
}

type Answer = boolean | Promise<boolean>;

/**
 * Checks at each level. A level without a hook is open to every admitted caller; a hook that throws refuses. What a caller
 * may not see is answered as if it did not exist.
 */
export interface AuthorizeHooks {
  readonly caller: CheckCaller;
  /** Which jobs. Asked again for every pushed event and update. */
  readonly job?: (caller: ApiCaller, job: JobView, action: ApiAction) => Answer;
  /** Which tasks of those jobs. Asked again for every pushed event about a task. */
  readonly task?: (caller: ApiCaller, task: TaskView, action: ApiAction) => Answer;
  /** Which fields, those of Query, Mutation and Subscription included. A refused field is null with the error `FORBIDDEN`. */
  readonly field?: (caller: ApiCaller, field: ApiField) => Answer;
  /** Which events of those jobs. A refused one is left out, so its number is missing. */
  readonly event?: (caller: ApiCaller, event: EventView) => Answer;
}

export const AUTHORIZE_LEVELS = ['caller', 'job', 'task', 'field', 'event'] as const satisfies readonly (keyof AuthorizeHooks)[];

/** The completed form used inside. */
export function toHooks(authorize: Authorize): AuthorizeHooks {
  return typeof authorize === 'function' ? { caller: authorize } : authorize;
}
