import { randomUUID } from 'node:crypto';

import { ERROR_CODES, type JsonObject } from '@taskloom/core';
import { GraphQLError } from 'graphql';

import { API_ERROR_CODES, isApiErrorCode, type ApiErrorCode } from '../errors/api-error-codes.js';
import { cut, showKnownError, type ShownError } from '../errors/shown-error.js';

export interface ErrorPresenterOptions {
  /** Whether messages may name parts of the schema that the caller did not name ("Did you mean …"). */
  readonly suggestions: boolean;
  /** Told of everything unexpected, under the id that the caller gets. */
  readonly log: (correlationId: string, error: unknown) => void;
}

/**
 * Turns whatever an operation threw into what its caller may see: a stable code, a message, a remedy. What is not known
 * becomes `INTERNAL` with a correlation id; neither SQL nor a stack ever leaves the process.
 */
export class ErrorPresenter {
  constructor(private readonly options: ErrorPresenterOptions) {}

  present(error: unknown): ShownError {
    const thrown = thrownIn(error);
    const shown = showKnownError(thrown) ?? this.fromGraphql(error, thrown) ?? this.unexpected(thrown);
    if (!(error instanceof GraphQLError)) return shown;
    return {
      ...shown,
      ...(error.locations ? { locations: error.locations } : undefined),
      ...(error.path ? { path: error.path } : undefined),
    };
  }

  /** Errors of graphql-js itself: syntax, validation, variables. */
  private fromGraphql(error: unknown, thrown: unknown): ShownError | null {
    // What has a path was thrown while the operation ran: whatever is not ours then is a defect.
    if (!(error instanceof GraphQLError) || error.path !== undefined) return null;
    const isGraphql = thrown instanceof GraphQLError || error.message.startsWith(VARIABLE);
    if (!isGraphql) return null;
    const code = codeOf(error);
    const message = this.options.suggestions ? error.message : error.message.replace(/ ?Did you mean [^?]*\?/g, '');
    return { message: cut(message), extensions: { code, remedy: API_ERROR_CODES[code].remedy } };
  }

  private unexpected(error: unknown): ShownError {
    const correlationId = randomUUID();
    this.options.log(correlationId, error);
    const { title, remedy } = ERROR_CODES.INTERNAL;
    return { message: title, extensions: { code: 'INTERNAL', remedy, correlationId } satisfies JsonObject };
  }
}

/** What a resolver threw, out of graphql-js's wrapping. */
function thrownIn(error: unknown): unknown {
  let current = error;
  while (current instanceof GraphQLError && current.originalError) current = current.originalError;
  return current;
}

/** How graphql-js begins what it says of variables; custom scalars may have thrown anything below. */
const VARIABLE = 'Variable "$';

/** How graphql-js and Apollo Server begin what they have no code for. */
const CODE_BY_BEGINNING: readonly (readonly [string, ApiErrorCode])[] = [
  ['Syntax Error: Document contains more tha', 'QUERY_TOO_LARGE'],
  ['Syntax Error', 'GRAPHQL_PARSE_FAILED'],
  ['This operation has been blocked as a potential Cross-Site Request Forgery', 'CSRF_HEADER_REQUIRED'],
  ['GET requests only support query operations', 'METHOD_NOT_ALLOWED'],
  ['GET requests may not have a content-type header', 'CONTENT_TYPE_REFUSED'],
  ['GraphQL introspection', 'INTROSPECTION_DISABLED'],
  ['Operation batching disabled', 'BATCH_REFUSED'],
  [VARIABLE, 'BAD_USER_INPUT'],
  ['Unknown operation named', 'OPERATION_RESOLUTION_FAILURE'],
  ['Must provide operation name', 'OPERATION_RESOLUTION_FAILURE'],
  ['Unable to identify operation', 'OPERATION_RESOLUTION_FAILURE'],
];

function codeOf(error: GraphQLError): ApiErrorCode {
  const known = CODE_BY_BEGINNING.find(([beginning]) => error.message.startsWith(beginning));
  if (known) return known[1];
  const given = error.extensions['code'];
  return isApiErrorCode(given) ? given : 'GRAPHQL_VALIDATION_FAILED';
}
