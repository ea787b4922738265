import type { ApiCaller } from './api-caller.js';
import type { ApiRequest } from './api-request.js';

/**
 * The application's own check of callers: `false` (or nothing) refuses, `true` admits, a caller admits and says who it is.
 * Asked for each HTTP request; on a WebSocket when it connects and again for each operation. Throwing refuses too.
 */
export type Authorize = (request: ApiRequest) => Authorization | Promise<Authorization>;

export type Authorization = boolean | null | undefined | ApiCaller;
