import { createClient, type Client } from 'graphql-ws';

import type { ClientSettings } from '../client-options.js';
import type { LiveResult, LiveTransport } from './live-transport.js';

/** The share of the longest silence after which the server is asked for a sign of life; it has the rest to give one. */
const PING_SHARE = 2 / 3;

interface Socket {
  close(code: number, reason: string): void;
}

/** Subscriptions over one WebSocket (graphql-transport-ws), shared by all streams. */
export class WebSocketTransport implements LiveTransport {
  private readonly client: Client;

  constructor({ socketUrl, headers, WebSocket, silenceTimeoutMs }: ClientSettings) {
    const pingMs = silenceTimeoutMs * PING_SHARE;
    let socket: Socket | null = null;
    let late: ReturnType<typeof setTimeout> | undefined;
    this.client = createClient({
      url: socketUrl,
      connectionParams: async () => ({ ...(await headers()) }),
      lazy: true,
      retryAttempts: 0,
      keepAlive: pingMs,
      webSocketImpl: WebSocket,
      on: {
        opened: (opened) => (socket = opened as Socket),
        // Without it a connection that died silently would look idle for ever.
        ping: (isReceived) => {
          if (!isReceived) late = setTimeout(() => socket?.close(4408, 'no sign of life'), silenceTimeoutMs - pingMs);
        },
        pong: (isReceived) => {
          if (isReceived) clearTimeout(late);
        },
        closed: () => clearTimeout(late),
      },
    });
  }

  open(query: string, variables: Readonly<Record<string, unknown>>): AsyncIterableIterator<LiveResult> {
    return this.client.iterate({ query, variables: { ...variables } }) as AsyncIterableIterator<LiveResult>;
  }

  dispose(): void | Promise<void> {
    return this.client.dispose();
  }
}
