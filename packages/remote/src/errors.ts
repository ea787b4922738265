import { TaskloomError, type ErrorCategory, type ErrorCode, type Json } from '@taskloom/core';

/** What can become of a call to a remote agent; an output that does not fit is `OUTPUT_SCHEMA`, as for any agent. */
export const REMOTE_ERROR_CODES = {
  EGRESS_BLOCKED:
    'Use a public https address; `allowHttp`, `allowedPorts` and `allowPrivateNetwork` of that agent permit what its network needs.',
  HEADER_INVALID: 'Give it one line of visible ASCII characters, at most 8 KiB.',
  AGENT_UNREACHABLE: 'Check that it runs, its name, its certificate and the network; give the agent a retry policy.',
  AGENT_TIMEOUT: "Let it answer 202 and call back, or raise the agent's `requestTimeout`.",
  AGENT_REFUSED: 'Read the status in the message: compare secrets and clocks for 401, the address for 404, the schemas for 400 and 422.',
  AGENT_BUSY: 'Give the agent a retry policy; what it says in `Retry-After` is honoured up to `maxRetryAfter`.',
  AGENT_ANSWER_INVALID: 'Check that the address is that of the agent; docs/guides/remote-agents.md says what it must answer.',
  RESPONSE_TOO_LARGE: "Let it return a reference to large data, or raise the agent's `maxResponseBytes`.",
  AGENT_FAILED: 'Read what the remote agent said; give the agent a retry policy if it may pass next time.',
} as const satisfies Record<string, string>;

export type RemoteErrorCode = keyof typeof REMOTE_ERROR_CODES;

/** What the engine does after the error; `policy` leaves it to the agent's retry policy, as for any other error. */
export type Steering = 'fatal' | 'retryable' | 'policy' | { readonly retryAfterMs: number };

/** Read by the engine, also from another installed copy of core; `FatalError` and its siblings carry the same mark. */
const STEERING = Symbol.for('taskloom.steering');
const MOST_RETRY_AFTER_MS = 86_400_000;

/** A call to a remote agent came to nothing. Keeps its code, and steers like `FatalError`, `RetryableError` or `RetryAfterError`. */
export class RemoteAgentError extends TaskloomError {
  /** 0 where the remote named no time. */
  readonly retryAfterMs: number;

  constructor(
    code: RemoteErrorCode,
    message: string,
    options: { readonly steering?: Steering; readonly cause?: unknown; readonly details?: { readonly [key: string]: Json } } = {},
  ) {
    const { steering = 'policy', ...rest } = options;
    super(code as string as ErrorCode, message, { ...rest, remedy: REMOTE_ERROR_CODES[code] });
    this.retryAfterMs = typeof steering === 'object' ? Math.min(Math.max(0, steering.retryAfterMs), MOST_RETRY_AFTER_MS) : 0;
    if (steering !== 'policy') Object.defineProperty(this, STEERING, { value: typeof steering === 'object' ? 'retry-after' : steering });
  }

  override get category(): ErrorCategory {
    return 'agent';
  }
}
