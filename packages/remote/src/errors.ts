import { TaskloomError, type ErrorCode } from '@taskloom/core';

/** What can become of a call to a remote agent. An output that does not fit is `OUTPUT_SCHEMA`, as for any agent. */
export type RemoteErrorCode = Extract<
  ErrorCode,
  | 'EGRESS_BLOCKED'
  | 'HEADER_INVALID'
  | 'AGENT_UNREACHABLE'
  | 'AGENT_TIMEOUT'
  | 'AGENT_REFUSED'
  | 'AGENT_BUSY'
  | 'AGENT_ANSWER_INVALID'
  | 'RESPONSE_TOO_LARGE'
  | 'AGENT_FAILED'
>;

/** What the engine does after the error; `policy` leaves it to the agent's retry policy, as for any other error. */
export type Steering = 'fatal' | 'retryable' | 'policy' | { readonly retryAfterMs: number };

type ErrorOptions = NonNullable<ConstructorParameters<typeof TaskloomError>[2]>;

/** Read by the engine, also from another installed copy of core; `FatalError` and its siblings carry the same mark. */
const STEERING = Symbol.for('taskloom.steering');
const MOST_RETRY_AFTER_MS = 86_400_000;

/** A call to a remote agent came to nothing. Keeps its code, and steers like `FatalError`, `RetryableError` or `RetryAfterError`. */
export class RemoteAgentError extends TaskloomError {
  /** 0 where the remote named no time. */
  readonly retryAfterMs: number;

  constructor(code: RemoteErrorCode, message: string, options: ErrorOptions & { readonly steering?: Steering } = {}) {
    const { steering = 'policy', ...rest } = options;
    super(code, message, rest);
    this.retryAfterMs = typeof steering === 'object' ? Math.min(Math.max(0, steering.retryAfterMs), MOST_RETRY_AFTER_MS) : 0;
    if (steering !== 'policy') Object.defineProperty(this, STEERING, { value: typeof steering === 'object' ? 'retry-after' : steering });
  }
}
