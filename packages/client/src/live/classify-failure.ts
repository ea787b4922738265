import { ApiResponseError, ConnectionError, type ApiErrorShape } from '../errors.js';

export interface Failure {
  readonly error: ApiResponseError | ConnectionError;
  readonly isRetryable: boolean;
  /** The server said how long to wait. */
  readonly waitMs?: number;
}

/** The server is there, and will do what was asked at another time. */
const LATER: ReadonlySet<string> = new Set(['ENGINE_STOPPED', 'STORE_UNAVAILABLE', 'RATE_LIMITED', 'OPERATION_TIMEOUT']);
/** Close codes that say that the same would happen again: what was sent is refused, not lost. */
const REFUSED: ReadonlySet<number> = new Set([1002, 1003, 1007, 1008, 1009, 1010, 4004, 4005, 4400, 4401, 4403, 4406, 4409, 4429]);
const EXPIRED = 'the credentials have expired';

/** What ended a stream, and whether it is worth while to connect again. */
export function classifyFailure(cause: unknown, renewsHeaders: boolean): Failure {
  if (cause instanceof ApiResponseError) return ofApi(cause);
  if (Array.isArray(cause)) return ofApi(new ApiResponseError(cause as ApiErrorShape[]));
  if (cause instanceof ConnectionError) return { error: cause, isRetryable: !isRefusal(cause.code) };
  const code = numberIn(cause, 'code');
  const reason = textIn(cause, 'reason') || textIn(cause, 'message') || 'the connection failed';
  const error = new ConnectionError(code === null ? reason : `${reason} (${code})`, code, { cause });
  return { error, isRetryable: code === 4403 && reason === EXPIRED ? renewsHeaders : !isRefusal(code) };
}

function ofApi(error: ApiResponseError): Failure {
  const { retryAfterMs } = error.details;
  return {
    error,
    isRetryable: error.errors.every(({ extensions }) => LATER.has(extensions?.code ?? '')),
    ...(typeof retryAfterMs === 'number' ? { waitMs: retryAfterMs } : undefined),
  };
}

/** Statuses of HTTP answers and close codes of WebSockets; they do not overlap. */
function isRefusal(code: number | null): boolean {
  if (code === null) return false;
  if (code >= 1000) return REFUSED.has(code);
  // An answer that is none of the API's: the server would give it again, unless it or a proxy before it is in trouble.
  return code < 500 && code !== 408 && code !== 429;
}

function numberIn(value: unknown, key: string): number | null {
  const found: unknown = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  return typeof found === 'number' ? found : null;
}

function textIn(value: unknown, key: string): string {
  const found: unknown = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  return typeof found === 'string' ? found : '';
}
