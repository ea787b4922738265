interface ApiErrorEntry {
  /** What the caller, or the application's developer, can do about it. */
  readonly remedy: string;
  /** HTTP status of the answer. */
  readonly status: number;
}

/**
 * What can go wrong before the engine is asked: codes of the API itself, beside those of `ERROR_CODES` in
 * `@taskloom/core`. `extensions.code` is a key of one of the two tables.
 */
export const API_ERROR_CODES = {
  AUTH_REQUIRED: {
    status: 403,
    remedy:
      'Ask from the machine itself (http://127.0.0.1), or give TaskloomModule `api.authorize` to check callers, or `api.allowAnonymous: true` to serve everyone.',
  },
  FORBIDDEN: { status: 403, remedy: 'Send credentials that the application accepts.' },
  APPROVAL_SELF_DECISION: {
    status: 403,
    remedy: 'Let somebody else decide: four eyes were asked for, and those that started the job are two of them.',
  },
  ORIGIN_REFUSED: { status: 403, remedy: 'Serve the page from the same origin, or list its origin in `api.allowedOrigins`.' },

  METHOD_NOT_ALLOWED: { status: 405, remedy: 'Send a POST with a JSON body; GET is for queries only.' },
  NOT_ACCEPTABLE: {
    status: 406,
    remedy: 'Send `accept: application/json`. Subscribe with `accept: text/event-stream`, or over a WebSocket.',
  },
  CONTENT_TYPE_REFUSED: { status: 415, remedy: 'Send `content-type: application/json`.' },
  CSRF_HEADER_REQUIRED: {
    status: 400,
    remedy: 'Send `content-type: application/json`, or a header `apollo-require-preflight: true` with a GET.',
  },
  BODY_TOO_LARGE: { status: 413, remedy: 'Send less, for example a path or a URL instead of the data, or raise `api.limits.bodyBytes`.' },
  BODY_NOT_JSON: { status: 400, remedy: 'Send a JSON object with `query`, `variables` and `operationName`.' },
  BATCH_REFUSED: { status: 400, remedy: 'Send one operation in each request.' },
  BAD_REQUEST: { status: 400, remedy: 'Send a JSON object with `query`, `variables` and `operationName`.' },

  GRAPHQL_PARSE_FAILED: { status: 400, remedy: 'Correct the query at the place named.' },
  GRAPHQL_VALIDATION_FAILED: { status: 400, remedy: 'Correct the query; schema.graphql in the package holds the schema.' },
  BAD_USER_INPUT: { status: 400, remedy: 'Correct the variable or argument named.' },
  OPERATION_RESOLUTION_FAILURE: { status: 400, remedy: 'Name one of the operations in the query.' },
  INTROSPECTION_DISABLED: { status: 400, remedy: 'Set `api.introspection: true`, or read schema.graphql in the package.' },

  PERSISTED_QUERY_NOT_SUPPORTED: { status: 400, remedy: 'Send the query itself; persisted queries are not kept.' },
  GRAPHIQL_DISABLED: { status: 404, remedy: 'Set `api.graphiql: true` to have the page here; it is on by itself outside of production.' },

  QUERY_TOO_LARGE: { status: 400, remedy: 'Ask for less at once, pass values as variables, or raise `api.limits.tokens`.' },
  QUERY_TOO_DEEP: { status: 400, remedy: 'Ask for fewer levels at once, or raise `api.limits.depth`.' },
  TOO_MANY_ALIASES: { status: 400, remedy: 'Split the operation, or raise `api.limits.aliases`.' },
  TOO_MANY_DIRECTIVES: { status: 400, remedy: 'Use fewer directives, or raise `api.limits.directives`.' },
  QUERY_TOO_COSTLY: { status: 400, remedy: 'Ask for smaller pages or fewer fields, or raise the limit that the message names.' },
  OPERATION_TIMEOUT: { status: 503, remedy: 'Ask for less at once, or raise `api.limits.operationTimeoutMs`.' },
  SUBSCRIPTION_LIMIT: { status: 429, remedy: 'Close subscriptions that are not needed, or raise the limit that the message names.' },
  RATE_LIMITED: {
    status: 429,
    remedy: 'Wait for `details.retryAfterMs` before the next operation, or raise `api.limits.operationsPerSecond`.',
  },
} as const satisfies Record<string, ApiErrorEntry>;

export type ApiErrorCode = keyof typeof API_ERROR_CODES;

export function isApiErrorCode(code: unknown): code is ApiErrorCode {
  return typeof code === 'string' && Object.hasOwn(API_ERROR_CODES, code);
}
