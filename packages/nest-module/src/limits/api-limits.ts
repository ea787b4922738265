/** What one caller may ask of the API at once. Every number can be set with `api.limits`. */
export interface ApiLimits {
  /** Lexical tokens of a query. Checked while it is parsed. */
  readonly tokens: number;
  /** Levels of fields inside fields, fragments expanded. */
  readonly depth: number;
  /** Aliased fields, fragments expanded. */
  readonly aliases: number;
  /** Directives, fragments expanded. */
  readonly directives: number;
  /** Fields, fragments expanded. */
  readonly cost: number;
  /** Jobs, tasks and events that one operation reads. */
  readonly nodes: number;
  /** Bytes of a request's body, and of a message on a WebSocket. */
  readonly bodyBytes: number;
  /** How long an operation may take before its caller is answered `OPERATION_TIMEOUT`. Subscriptions have no end. */
  readonly operationTimeoutMs: number;
  /** Operations under way on one WebSocket. */
  readonly subscriptionsPerSocket: number;
  /** Subscriptions that the callers of one tenant have open together, over WebSocket and SSE. Without tenancy: all callers. */
  readonly subscriptionsPerTenant: number;
  /** WebSockets that the callers of one tenant have open together. */
  readonly socketsPerTenant: number;
  /** WebSockets open at the same time in one process. */
  readonly sockets: number;
  /** Operations that one client may begin in a second. A client is a named caller; without a name, an address. */
  readonly operationsPerSecond: number;
  /** Messages and pings that one WebSocket may send in a second. */
  readonly messagesPerSecond: number;
  /** How long a new WebSocket may take to introduce itself (`connection_init`). */
  readonly connectionInitTimeoutMs: number;
  /** How often the application is asked again about a caller that has a connection open. */
  readonly recheckMs: number;
  /** Bytes that may wait for a reader that is slower than its subscriptions. */
  readonly queuedBytes: number;
  /** How long a reader may take nothing while bytes wait for it, before its WebSocket is closed. */
  readonly stalledReaderMs: number;
}

export const DEFAULT_LIMITS: ApiLimits = {
  tokens: 1_000,
  depth: 15,
  aliases: 15,
  directives: 50,
  cost: 5_000,
  nodes: 10_000,
  bodyBytes: 1_048_576,
  operationTimeoutMs: 30_000,
  subscriptionsPerSocket: 100,
  subscriptionsPerTenant: 1_000,
  socketsPerTenant: 1_000,
  sockets: 10_000,
  operationsPerSecond: 100,
  messagesPerSecond: 500,
  connectionInitTimeoutMs: 3_000,
  recheckMs: 30_000,
  queuedBytes: 1_048_576,
  stalledReaderMs: 10_000,
};
