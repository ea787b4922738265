import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on loopback with one handler. */
export class LocalServer {
  private constructor(private readonly server: Server) {}

  static async start(handler: (request: IncomingMessage, response: ServerResponse) => unknown): Promise<LocalServer> {
    const server = createServer((request, response) => void handler(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new LocalServer(server);
  }

  /** A port that nothing else uses, for a handler which must know its address first. */
  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
