import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';

export interface Refusal {
  readonly message: string;
  readonly extensions: { readonly code: string; readonly remedy?: string };
}

/** Asks over HTTP, as any client would. Throws where the answer has errors. */
export async function ask<Data>(url: string, query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<Data> {
  const { data, errors } = await answerTo<Data>(url, query, variables);
  if (errors !== undefined) throw new Error(JSON.stringify(errors, null, 2));
  return data;
}

/** The errors of something that must be refused. */
export async function refusalOf(
  url: string,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<readonly Refusal[]> {
  const { errors } = await answerTo(url, query, variables);
  if (errors === undefined) throw new Error('It was not refused.');
  return errors;
}

interface Answer<Data> {
  readonly data: Data;
  readonly errors?: readonly Refusal[];
}

async function answerTo<Data>(url: string, query: string, variables: Readonly<Record<string, unknown>>): Promise<Answer<Data>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as Answer<Data>;
}

const clients: Client[] = [];

/** Subscribes over graphql-transport-ws, on a socket of its own. Ends when the server says so. */
export async function* watch<Data>(url: string, query: string, variables: Readonly<Record<string, unknown>> = {}): AsyncGenerator<Data> {
  const client = createClient({ url: url.replace(/^http/, 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 });
  clients.push(client);
  for await (const { data, errors } of client.iterate<Data>({ query, variables: { ...variables } })) {
    if (errors !== undefined) throw new Error(JSON.stringify(errors, null, 2));
    if (data !== null && data !== undefined) yield data;
  }
}

/** A subscription that is being listened to. */
export interface Listening<Data> {
  /** Resolves when the first item has come. */
  readonly first: Promise<void>;
  /** Everything, once the server has ended it. */
  readonly all: Promise<Data[]>;
}

export function listen<Data>(url: string, query: string, variables: Readonly<Record<string, unknown>> = {}): Listening<Data> {
  let arrived!: () => void;
  const first = new Promise<void>((resolve) => (arrived = resolve));
  const collect = async (): Promise<Data[]> => {
    const items: Data[] = [];
    for await (const item of watch<Data>(url, query, variables)) {
      items.push(item);
      arrived();
    }
    return items;
  };
  return { first, all: collect() };
}

/** Closes every socket. For `afterEach`. */
export async function closeSockets(): Promise<void> {
  await Promise.all(clients.splice(0).map(async (client) => client.dispose()));
}
