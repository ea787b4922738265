import { createClient, type Client, type ExecutionResult } from 'graphql-ws';
import { WebSocket } from 'ws';

const clients: Client[] = [];

export function socketClient(url: string, options: { readonly connectionParams?: Record<string, unknown> } = {}): Client {
  const client = createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0, ...options });
  clients.push(client);
  return client;
}

/** A subscription as an async iterable of its results. */
export function watch<Data>(
  url: string,
  query: string,
  variables: Record<string, unknown> = {},
  options: Parameters<typeof socketClient>[1] = {},
): AsyncGenerator<ExecutionResult<Data>> {
  return socketClient(url, options).iterate<Data>({ query, variables }) as AsyncGenerator<ExecutionResult<Data>>;
}

/** Everything that a subscription gives until it ends. */
export async function all<Data>(url: string, query: string, variables: Record<string, unknown> = {}): Promise<Data[]> {
  const seen: Data[] = [];
  for await (const { data, errors } of watch<Data>(url, query, variables)) {
    if (errors) throw new Error(JSON.stringify(errors));
    seen.push(data!);
  }
  return seen;
}

/** Every result that a subscription gives until it ends, those with errors too; an error that ends it is the last. */
export async function resultsOf<Data>(stream: AsyncIterable<ExecutionResult<Data>>): Promise<ExecutionResult<Data>[]> {
  const seen: ExecutionResult<Data>[] = [];
  try {
    for await (const result of stream) seen.push(result);
  } catch (errors) {
    seen.push({ errors } as ExecutionResult<Data>);
  }
  return seen;
}

/** For `afterEach`. */
export async function closeSockets(): Promise<void> {
  for (const client of clients.splice(0)) await client.dispose();
}
