import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

import type { JsonObject } from '@taskloom/core';

/** What the `authorize` hook is told of a caller. */
export interface ApiRequest {
  readonly transport: 'http' | 'websocket';
  readonly headers: IncomingHttpHeaders;
  readonly remoteAddress: string | null;
  /** What a WebSocket client sent with `connection_init`; null over HTTP. */
  readonly connectionParams: JsonObject | null;
  /** The request itself, with what the application's own middleware put on it. For a WebSocket: its upgrade request. */
  readonly request: IncomingMessage;
}

export function httpRequestOf(request: IncomingMessage): ApiRequest {
  return {
    transport: 'http',
    headers: request.headers,
    remoteAddress: request.socket.remoteAddress ?? null,
    connectionParams: null,
    request,
  };
}

export function socketRequestOf(request: IncomingMessage, connectionParams: JsonObject | null): ApiRequest {
  return { ...httpRequestOf(request), transport: 'websocket', connectionParams };
}
