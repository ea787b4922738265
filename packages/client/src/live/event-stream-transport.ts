import { createClient, type Client } from 'graphql-sse';

import type { ClientSettings } from '../client-options.js';
import type { LiveResult, LiveTransport } from './live-transport.js';

/** Subscriptions over Server-Sent Events, one request for each. */
export class EventStreamTransport implements LiveTransport {
  private readonly client: Client;

  constructor({ url, headers, fetch }: ClientSettings) {
    this.client = createClient({ url, headers: async () => ({ ...(await headers()) }), retryAttempts: 0, fetchFn: fetch });
  }

  open(query: string, variables: Readonly<Record<string, unknown>>): AsyncIterableIterator<LiveResult> {
    return this.client.iterate({ query, variables: { ...variables } }) as AsyncIterableIterator<LiveResult>;
  }

  dispose(): void {
    this.client.dispose();
  }
}
