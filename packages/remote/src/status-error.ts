import { RemoteAgentError, type Steering } from './errors.js';
import { parseJsonBody } from './http/read-body.js';
import { retryAfterMs } from './http/retry-after.js';
import { isObject } from './protocol/answer.js';

/** Client errors that may pass next time: request timeout, too early, too many requests. */
const LATER: ReadonlySet<number> = new Set([408, 425, 429]);
const TOLD_CHARACTERS = 300;

export interface ErrorStatus {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: Uint8Array;
}

/** What a status other than 200 and 202 means. */
export function statusError({ status, retryAfter, body }: ErrorStatus, what: string, maxRetryAfterMs: number): RemoteAgentError {
  const details = { status };
  if (status < 400) {
    const why = status >= 300 ? 'redirects are not followed' : 'an answer is 200 with an output, or 202';
    const steering: Steering = status >= 300 ? 'fatal' : 'policy';
    return new RemoteAgentError('AGENT_ANSWER_INVALID', `${what} answered ${status}; ${why}.`, { steering, details });
  }
  const message = `${what} answered ${status}${told(body)}.`;
  if (status < 500 && !LATER.has(status)) return new RemoteAgentError('AGENT_REFUSED', message, { steering: 'fatal', details });
  const waitMs = retryAfterMs(retryAfter, Date.now(), maxRetryAfterMs);
  return new RemoteAgentError('AGENT_BUSY', message, {
    steering: waitMs === null ? 'retryable' : { retryAfterMs: waitMs },
    details,
  });
}

/** The first line of what a body of the protocol's own form says. Anything else, a stack for example, is not repeated. */
function told(body: Uint8Array): string {
  const parsed = parseJsonBody(body);
  const error = isObject(parsed) ? parsed['error'] : null;
  const message = isObject(error) && typeof error['message'] === 'string' ? error['message'] : '';
  const line = message
    .split(/[\r\n]/, 1)[0]!
    .trim()
    .replace(/\.$/, '');
  return line === '' ? '' : `: ${line.slice(0, TOLD_CHARACTERS)}`;
}
