import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Stands between a client and a server, and cuts every connection through it when it is told to. */
export class CuttingProxy {
  private readonly open = new Set<Socket>();
  private readonly server = createServer((client) => {
    if (this.isRefusing) return void client.destroy();
    const server = connect(this.port, '127.0.0.1');
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.open.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.open.delete(one);
        other.destroy();
      });
    }
  });
  private isRefusing = false;

  constructor(private readonly port: number) {}

  /** @returns the address of the API through it */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/graphql`;
  }

  cut(): void {
    for (const socket of this.open) socket.destroy();
  }

  /** As a server that is gone: also new connections are cut, until `restore`. */
  refuse(): void {
    this.isRefusing = true;
    this.cut();
  }

  restore(): void {
    this.isRefusing = false;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
