import { createClient, type Client } from 'graphql-ws';

import type { ClientSettings } from '../client-options.js';
import type { LiveResult, LiveTransport } from './live-transport.js';

/** How often the server is asked for a sign of life, and how long it may take to give one. */
const PING_MS = 10_000;
const PONG_MS = 5_000;

interface Socket {
  close(code: number, reason: string): void;
}

/** Subscriptions over one WebSocket (graphql-transport-ws), shared by all streams. */
export class WebSocketTransport implements LiveTransport {
  private readonly client: Client;

  constructor({ socketUrl, headers, WebSocket }: ClientSettings) {
    let socket: Socket | null = null;
    let late: ReturnType<typeof setTimeout> | undefined;
    this.client = createClient({
      url: socketUrl,
      connectionParams: async () => ({ ...(await headers()) }),
      lazy: true,
      retryAttempts: 0,
      keepAlive: PING_MS,
      webSocketImpl: WebSocket,
      on: {
        opened: (opened) => (socket = opened as Socket),
        // Without it a connection that died silently would look idle for ever.
        ping: (isReceived) => {
          if (!isReceived) late = setTimeout(() => socket?.close(4408, 'no sign of life'), PONG_MS);
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
