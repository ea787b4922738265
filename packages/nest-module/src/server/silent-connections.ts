import { Server as HttpServer } from 'node:http';
import { Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';

/**
 * Connections over which nothing was ever asked: browsers open some to have them, and Node.js's `fetch` does. A server that
 * closes waits for them until the other side gives up (https://github.com/nodejs/node/issues/63452), and the process with it.
 */
export class SilentConnections {
  private readonly open = new Set<Socket>();

  /** Knows connections from now on. Of a server that is none of Node.js's own for HTTP/1 it knows none. */
  constructor(server: unknown) {
    if (server instanceof HttpsServer) server.on('secureConnection', (socket) => this.note(socket));
    else if (server instanceof HttpServer) server.on('connection', (socket) => this.note(socket));
  }

  /** Closes those that are open now. */
  close(): void {
    for (const socket of this.open) if (socket.bytesRead === 0) socket.destroy();
  }

  private note(socket: Socket): void {
    this.open.add(socket);
    socket.once('close', () => this.open.delete(socket));
  }
}
