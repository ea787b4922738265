import type { JsonObject } from '@taskloom/core';

import type { ApiCaller } from '../access/api-caller.js';
import type { ApiRequest } from '../access/api-request.js';

/** Who starts a job. */
export interface CarryOrigin {
  /** A caller of the API, with its request; `null` where code of the application starts the job, in whose async context `capture` is called. */
  readonly api: { readonly caller: ApiCaller; readonly request: ApiRequest } | null;
}

/**
 * Context of the application that a job takes along: a request's user, tenant, language, trace. It is stored with the job,
 * so that attempts after a restart have it too.
 */
export interface CarryOptions {
  /** What the job is to carry, at most 16 KiB as JSON; nothing where it returns nothing. Throwing refuses the job. */
  readonly capture: (origin: CarryOrigin) => JsonObject | null | undefined | Promise<JsonObject | null | undefined>;
  /** Runs `next` so that the application finds what is carried where it always does, for example in its `AsyncLocalStorage`. */
  readonly run: <Result>(carried: JsonObject, next: () => Result) => Result;
}
