import type { ErrorCode } from './error-codes.js';
import { serializeError } from './serialize-error.js';
import { isTaskloomError } from './taskloom-error.js';

/** What a line of the log says of anything that was thrown: its message, and the code that the framework's errors have. Never throws. */
export function inLog(thrown: unknown): { readonly error: string; readonly code?: ErrorCode } {
  const { code, message } = serializeError(thrown);
  return isTaskloomError(thrown) ? { error: message, code } : { error: message };
}
