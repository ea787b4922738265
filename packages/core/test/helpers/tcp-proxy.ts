import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** What becomes of the next message of a client that contains a certain text. */
type Fault =
  /** It reaches the server; the client's connection is cut before the reply does. */
  | 'lose-reply'
  /** It reaches the server; the reply never comes, and nothing is cut. */
  | 'swallow-reply'
  /** It does not reach the server, and the connection is cut on both sides. */
  | 'lose-request'
  /** The client's connection is cut at once; the server gets the message when `deliver` is called. */
  | 'delay-request';

/** A network between a client and a server that does what networks do, at a moment of the test's choosing. */
export class TcpProxy {
  private armed: { readonly fault: Fault; readonly marker: string; readonly tell: () => void } | null = null;
  private readonly sockets = new Set<Socket>();
  private admitted: Promise<void> = Promise.resolve();
  /** Hands over what is on its way still. */
  deliver: () => void = () => undefined;

  private constructor(
    private readonly server: Server,
    private readonly to: number,
  ) {
    server.on('connection', (client) => void this.admitted.then(() => this.join(client)));
  }

  static async start(to: number): Promise<TcpProxy> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TcpProxy(server, to);
  }

  get port(): number {
    return (this.server.address() as { port: number }).port;
  }

  /** Resolves when the fault has struck. */
  arm(fault: Fault, marker: string): Promise<void> {
    return new Promise((tell) => (this.armed = { fault, marker, tell }));
  }

  /** Connections that come from now on wait until the returned function is called. */
  holdNewcomers(): () => void {
    let admit: () => void = () => undefined;
    this.admitted = new Promise((resolve) => (admit = resolve));
    return admit;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(client: Socket): void {
    const server = connect(this.to, '127.0.0.1');
    let onReply: ((chunk: Buffer) => void) | null = null;
    for (const socket of [client, server]) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => this.sockets.delete(socket));
    }
    client.on('data', (chunk: Buffer) => {
      const { armed } = this;
      if (!armed || !chunk.includes(armed.marker)) {
        server.write(chunk);
        return;
      }
      this.armed = null;
      const { fault, tell } = armed;
      if (fault === 'lose-request') {
        client.destroy();
        server.destroy();
        tell();
      } else if (fault === 'delay-request') {
        this.deliver = () => server.write(chunk);
        client.destroy();
        tell();
      } else {
        onReply = () => {
          if (fault === 'lose-reply') client.destroy();
          tell();
        };
        server.write(chunk);
      }
    });
    server.on('data', (chunk: Buffer) => {
      if (onReply) onReply(chunk);
      else client.write(chunk);
    });
    client.on('end', () => server.end());
    server.on('close', () => client.destroy());
  }
}
