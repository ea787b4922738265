import type { IncomingMessage, ServerResponse } from 'node:http';

import type { ApiError } from '../errors/api-error.js';
import { showKnownError } from '../errors/shown-error.js';
import { jsonAnswer, send } from './http-answer.js';

/** Answers a request whose body could not be read. The rest of it will not be, so the connection cannot be used again. */
export function refuseBody(request: IncomingMessage, response: ServerResponse, error: ApiError): void {
  send(response, jsonAnswer(error.status, { errors: [showKnownError(error)] }, { connection: 'close' }));
  response.once('finish', () => request.destroy());
}
