import { createClient, type Client } from 'graphql-sse';

import type { ClientSettings } from '../client-options.js';
import { ConnectionError } from '../errors.js';
import { answerOf } from '../http/answer-of.js';
import type { LiveResult, LiveTransport } from './live-transport.js';
import { watchSilence } from './watch-silence.js';

/** Subscriptions over Server-Sent Events, one request for each. */
export class EventStreamTransport implements LiveTransport {
  private readonly clients = new Set<Client>();

  constructor(private readonly settings: Pick<ClientSettings, 'url' | 'headers' | 'fetch' | 'silenceTimeoutMs'>) {}

  open(query: string, variables: Readonly<Record<string, unknown>>): AsyncIterableIterator<LiveResult> {
    const { url, headers, fetch, silenceTimeoutMs } = this.settings;
    let refusal: unknown;
    // One client for each stream, because the library tells of an answer that is no stream only by its status.
    const client = createClient({
      url,
      headers: async () => ({ ...(await headers()) }),
      retryAttempts: 0,
      fetchFn: async (input: string, init: RequestInit & { readonly signal: AbortSignal }) => {
        const response = await fetch(input, init);
        if (response.ok && response.headers.get('content-type')?.startsWith('text/event-stream') === true)
          return watchSilence(response, silenceTimeoutMs, init.signal);
        refusal = await answerOf(response).then(
          () => new ConnectionError(`${url} answered without a stream.`, response.status),
          (error: unknown) => error,
        );
        throw refusal;
      },
    });
    this.clients.add(client);
    const results = client.iterate({ query, variables: { ...variables } }) as AsyncIterableIterator<LiveResult>;
    const forget = (): void => void this.clients.delete(client);
    return {
      [Symbol.asyncIterator]() {
        return this;
      },
      async next() {
        try {
          const result = await results.next();
          if (result.done === true) forget();
          return result;
        } catch (error) {
          forget();
          throw refusal ?? error;
        }
      },
      return: async () => {
        forget();
        return results.return!();
      },
    };
  }

  dispose(): void {
    for (const client of this.clients) client.dispose();
    this.clients.clear();
  }
}
