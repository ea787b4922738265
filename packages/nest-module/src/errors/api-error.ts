import type { JsonObject } from '@taskloom/core';

import { API_ERROR_CODES, type ApiErrorCode } from './api-error-codes.js';

/** A request that the API refused before it asked the engine. */
export class ApiError extends Error {
  readonly remedy: string;
  readonly status: number;

  constructor(
    readonly code: ApiErrorCode,
    message: string,
    readonly details: JsonObject = {},
  ) {
    super(message);
    this.name = new.target.name;
    this.remedy = API_ERROR_CODES[code].remedy;
    this.status = API_ERROR_CODES[code].status;
  }
}
