import { isTaskloomError, TaskloomError } from '../../errors/taskloom-error.js';

/** What the server says of an error; what the network says has no `severity`. */
interface ServerError extends Error {
  readonly severity: string;
  /** SQLSTATE: five characters, the first two of which are the class. */
  readonly code: string;
  readonly table?: string;
}

export function isServerError(error: unknown): error is ServerError {
  return typeof (error as { severity?: unknown } | null)?.severity === 'string';
}

/**
 * Whether the connection is gone with the error: nothing is known of the statement that was under way. Everything that the
 * network and the driver say, and the server's last words (shut down, crashed, terminated by an administrator).
 */
export function isConnectionLost(error: unknown): boolean {
  if (isServerError(error))
    return error.severity === 'FATAL' || error.severity === 'PANIC' || error.code.startsWith('08') || GONE.has(error.code);
  return !isTaskloomError(error) && !DEFECTS.has((error as { name?: string }).name ?? '');
}

/** Errors of code, whoever's: they say nothing of a connection. */
const DEFECTS: ReadonlySet<string> = new Set(['TypeError', 'RangeError', 'SyntaxError', 'ReferenceError']);
const GONE: ReadonlySet<string> = new Set(['57P01', '57P02', '57P03', '57P05']);

/** Others were in the way; nothing was changed, and the same may succeed now: serialization, deadlock, a key that came in between. */
export function isRace(error: unknown): boolean {
  return isServerError(error) && (error.code === '40001' || error.code === '40P01');
}

export function isUniqueViolation(error: unknown, table: string): boolean {
  return isServerError(error) && error.code === '23505' && error.table === table;
}

/**
 * Classes of trouble that passes, or that an administrator can end: connection, transaction rolled back, resources (the disk
 * is full, too many connections), lock not available, operator, input and output, authorization, read only, no such database.
 */
const PASSES = /^(?:08|28|3D|3F|40|53|55|57|58)|^25006$/;

/** What the store says of an error of the database: `STORE_UNAVAILABLE` where waiting or an administrator can help, else `INTERNAL`. */
export function storeError(error: unknown, what = 'do what was asked'): TaskloomError {
  if (isTaskloomError(error)) return error;
  const { message } = error as Error;
  if (!isServerError(error))
    return new TaskloomError(isConnectionLost(error) ? 'STORE_UNAVAILABLE' : 'INTERNAL', `PostgreSQL could not ${what}: ${message}`, {
      cause: error,
    });
  return new TaskloomError(
    PASSES.test(error.code) ? 'STORE_UNAVAILABLE' : 'INTERNAL',
    `PostgreSQL could not ${what}: ${message} (${error.code}).`,
    {
      cause: error,
      details: { sqlstate: error.code },
    },
  );
}
