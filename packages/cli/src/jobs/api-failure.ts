import { ApiResponseError, type ConnectionError } from '@taskloom/client';
import { oneLine } from '@taskloom/terminal';

import { CliError } from '../terminal/cli-error.js';
import { visibleText } from '../terminal/visible-text.js';

/** What the API says where something is not there, or not for this caller; it does not always tell which. */
const NOT_FOR_THIS_CALLER: ReadonlySet<string> = new Set([
  'AUTH_REQUIRED',
  'FORBIDDEN',
  'ORIGIN_REFUSED',
  'NOT_FOUND',
  'CURSOR_EXPIRED',
  'ID_INVALID',
  'UNKNOWN_WORKFLOW',
]);
const CREDENTIALS = 'Give credentials with --token (or TASKLOOM_TOKEN) or --header.';

/** What goes wrong between here and the API, as it is told: nothing in it can steer a terminal. */
export function apiFailure(error: ApiResponseError | ConnectionError, url: string): CliError {
  return error instanceof ApiResponseError ? refused(error) : unreachable(error, url);
}

function refused(error: ApiResponseError): CliError {
  const { message, code, remedy, correlationId, details } = error;
  const isOfServer = code === 'INTERNAL';
  const told = isOfServer && correlationId !== '' ? `${message} The server's log tells more under ${correlationId}.` : message;
  const isCredentials = code === 'AUTH_REQUIRED' || code === 'FORBIDDEN';
  return new CliError(
    oneLine(code),
    visibleText(told),
    oneLine(isCredentials ? `${CREDENTIALS} For the application: ${remedy}` : remedy),
    NOT_FOR_THIS_CALLER.has(code) ? 4 : 5,
    { cause: error, details },
  );
}

function unreachable(error: ConnectionError, url: string): CliError {
  const { code: status, message } = error;
  if (status === 401 || status === 403) return new CliError('SERVER_REFUSED', oneLine(message), CREDENTIALS, 4, { cause: error });
  if (status !== null && status < 500 && status !== 429)
    return new CliError('NOT_THE_API', oneLine(message), 'Give the address of the API with --url, with its path.', 3, { cause: error });
  return new CliError(
    'SERVER_UNREACHABLE',
    oneLine(message),
    `Is the application running, and is ${oneLine(url)} its API? --url or TASKLOOM_URL name another address.`,
    3,
    { cause: error },
  );
}
