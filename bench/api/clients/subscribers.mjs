import { WebSocket } from 'ws';

const NEXT = Buffer.from('"type":"next"');
const PROTOCOL = 'graphql-transport-ws';

/** Many subscribers of one subscription, each on a WebSocket of its own. Counts what they are sent, and parses nothing. */
export class Subscribers {
  delivered = 0;
  bytes = 0;
  #sockets = [];
  #completed = 0;
  #done;
  /** Resolves when each has been told that its subscription is complete. */
  completed = new Promise((resolve) => (this.#done = resolve));

  static async open({ socketUrl, query, variables }, count) {
    const subscribers = new Subscribers();
    const subscribe = JSON.stringify({ id: 'a', type: 'subscribe', payload: { query, variables } });
    for (let from = 0; from < count; from += 100) {
      const some = Array.from({ length: Math.min(100, count - from) }, () => subscribers.#connect(socketUrl, subscribe));
      await Promise.all(some);
    }
    return subscribers;
  }

  get count() {
    return this.#sockets.length;
  }

  async close() {
    await Promise.all(
      this.#sockets.map(
        (socket) =>
          new Promise((resolve) => {
            socket.once('close', resolve);
            socket.close();
          }),
      ),
    );
  }

  /** Resolves when the server has acknowledged the connection and has got the subscription. */
  #connect(url, subscribe) {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(url, PROTOCOL, { perMessageDeflate: false });
      this.#sockets.push(socket);
      socket.once('error', reject);
      socket.once('open', () => socket.send('{"type":"connection_init"}'));
      socket.on('message', (data) => {
        if (data.includes(NEXT)) {
          this.delivered += 1;
          this.bytes += data.length;
          return;
        }
        const { type, payload } = JSON.parse(data.toString());
        if (type === 'connection_ack') {
          socket.send(subscribe);
          socket.send('{"type":"ping"}');
        } else if (type === 'pong') resolve();
        else if (type === 'complete') {
          this.#completed += 1;
          if (this.#completed === this.#sockets.length) this.#done();
        } else if (type === 'error') reject(new Error(JSON.stringify(payload)));
      });
    });
  }
}
