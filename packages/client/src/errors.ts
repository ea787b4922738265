import type { Json } from './json.js';

/** An error as the API tells it. */
export interface ApiErrorShape {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: {
    readonly code?: string;
    readonly remedy?: string;
    readonly details?: Readonly<Record<string, Json>>;
    readonly correlationId?: string;
  };
}

/** The API refused an operation. `code` is stable; docs/errors.md lists all of them. */
export class ApiResponseError extends Error {
  readonly code: string;
  /** What to do; '' where the API does not say. */
  readonly remedy: string;
  readonly details: Readonly<Record<string, Json>>;
  /** Finds what the server's log says about an `INTERNAL` error; '' for others. */
  readonly correlationId: string;

  constructor(
    /** All of them; the first is what this error says. */
    readonly errors: readonly ApiErrorShape[],
    /** Of the HTTP answer; null where it came over a stream. */
    readonly status: number | null = null,
  ) {
    super(errors[0]?.message ?? 'The API answered with an error.');
    this.name = 'ApiResponseError';
    const { code = 'INTERNAL', remedy = '', details = {}, correlationId = '' } = errors[0]?.extensions ?? {};
    this.code = code;
    this.remedy = remedy;
    this.details = details;
    this.correlationId = correlationId;
  }
}

/** The server could not be reached, refused the connection for good, or is none of this API. */
export class ConnectionError extends Error {
  constructor(
    message: string,
    /** The close code of a WebSocket or the status of an HTTP answer, where there was one. */
    readonly code: number | null,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'ConnectionError';
  }
}
