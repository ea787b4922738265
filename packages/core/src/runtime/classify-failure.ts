import type { ErrorCode } from '../errors/error-codes.js';
import { serializeError } from '../errors/serialize-error.js';
import { steeringOf } from '../errors/steering-errors.js';
import { isTaskloomError } from '../errors/taskloom-error.js';
import type { Outcome } from './outcome.js';

/** Errors that another attempt would meet again, because it would get the same input, the same memo and the same plugins. */
const SAME_EVERY_TIME: ReadonlySet<ErrorCode> = new Set([
  'INPUT_SCHEMA',
  'INPUT_TOO_LARGE',
  'MISSING_INPUT',
  'STEP_NAME_REUSED',
  'NEED_UNSTABLE',
  'DYNAMIC_LIMIT',
  'AGENT_NOT_ALLOWED',
  'TASK_FORBIDDEN',
  'EGRESS_BLOCKED',
  'HEADER_INVALID',
  'UNKNOWN_AGENT',
  'TOPIC_UNDECLARED',
  'PLUGIN_FAILED',
  'DEPENDENCY_FAILED',
]);

/** What a thrown value comes to. */
export function failureOf(thrown: unknown): Extract<Outcome, { kind: 'failed' }> {
  try {
    return classify(thrown);
  } catch {
    // What was thrown throws itself when it is looked at (a revoked proxy, for example).
    return { kind: 'failed', error: serializeError(UNREADABLE), thrown: UNREADABLE, timedOut: false, retryable: true, retryAfterMs: 0 };
  }
}

const UNREADABLE = 'a value that cannot be read was thrown';

function classify(thrown: unknown): Extract<Outcome, { kind: 'failed' }> {
  const error = serializeError(thrown);
  const steering = steeringOf(thrown);
  const retryable = steering ? steering.kind !== 'fatal' : !(isTaskloomError(thrown) && SAME_EVERY_TIME.has(error.code));
  const timedOut = error.code === 'TASK_TIMEOUT' || error.code === 'TASK_IDLE';
  const retryAfterMs = steering?.retryAfterMs ?? 0;
  return { kind: 'failed', error, thrown, timedOut, retryable, retryAfterMs, ...(steering ? { steered: true } : undefined) };
}
