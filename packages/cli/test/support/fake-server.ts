import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface FakeServer {
  /** Of the API it pretends to be. */
  readonly url: string;
  /** Every request so far. */
  readonly asked: readonly Asked[];
  close(): Promise<void>;
}

const running = new Set<FakeServer>();

/** A real HTTP server on a free port that answers each request, the 1st, 2nd, 3rd …, as it is told. */
export async function fakeServer(answer: (response: ServerResponse, nth: number, asked: Asked) => unknown): Promise<FakeServer> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const one = { headers: request.headers, body };
      asked.push(one);
      answer(response, asked.length, one);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const fake = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    asked,
    close: () => closeServer(server),
  };
  running.add(fake);
  return fake;
}

/** For `afterEach`. */
export async function closeFakeServers(): Promise<void> {
  await Promise.all([...running].map((server) => server.close()));
  running.clear();
}

async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise((resolve) => server.once('close', resolve));
  server.close();
  server.closeAllConnections();
  await closed;
}
