import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';

/** Stands between clients and a server, and cuts their connections when it is told. */
export class CuttingProxy {
  /** Connections cut so far. */
  cuts = 0;
  private readonly open = new Set<Socket>();
  private readonly server: Server;

  constructor(private readonly targetPort: number) {
    this.server = createServer((client) => {
      const target = connect(this.targetPort, '127.0.0.1');
      for (const socket of [client, target]) {
        this.open.add(socket);
        socket.on('error', () => {});
        socket.once('close', () => {
          this.open.delete(socket);
          (socket === client ? target : client).destroy();
        });
      }
      client.pipe(target);
      target.pipe(client);
    });
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return (this.server.address() as AddressInfo).port;
  }

  /** Without a good-bye, as a network does. */
  cut(): void {
    this.cuts += 1;
    for (const socket of this.open) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    for (const socket of this.open) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}
