import { WebSocket, type ClientOptions } from 'ws';

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** A WebSocket without a protocol library, for what no well-behaved client does. */
export class RawSocket {
  readonly closed: Promise<Closed>;
  readonly received: Record<string, unknown>[] = [];
  private waiting: {
    readonly isMeant: (message: Record<string, unknown>) => boolean;
    readonly resolve: (message: Record<string, unknown>) => void;
  }[] = [];

  private constructor(readonly socket: WebSocket) {
    this.closed = new Promise((resolve) => socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() })));
    socket.on('error', () => {});
    socket.on('message', (data: Buffer) => this.take(JSON.parse(data.toString()) as Record<string, unknown>));
  }

  static async open(url: string, options: ClientOptions & { readonly protocol?: string } = {}): Promise<RawSocket> {
    const { protocol = 'graphql-transport-ws', ...rest } = options;
    const socket = new WebSocket(url, protocol, rest);
    const raw = new RawSocket(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return raw;
  }

  /** The HTTP answer of an upgrade that is refused. */
  static refused(url: string, options: ClientOptions = {}): Promise<{ status: number; body: string }> {
    const socket = new WebSocket(url, 'graphql-transport-ws', options);
    return new Promise((resolve, reject) => {
      socket.once('open', () => reject(new Error('the socket was opened')));
      socket.on('error', () => {});
      socket.once('unexpected-response', (_request, response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString()));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      });
    });
  }

  send(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  /** The next message of a type. */
  next(type: string): Promise<Record<string, unknown>> {
    return this.nextWhere((message) => message['type'] === type);
  }

  /** The first message about an operation. */
  answerTo(id: string): Promise<Record<string, unknown>> {
    return this.nextWhere((message) => message['id'] === id);
  }

  nextWhere(isMeant: (message: Record<string, unknown>) => boolean): Promise<Record<string, unknown>> {
    return new Promise((resolve) => this.waiting.push({ isMeant, resolve }));
  }

  async init(payload?: object): Promise<void> {
    const acknowledged = this.next('connection_ack');
    this.send({ type: 'connection_init', ...(payload ? { payload } : {}) });
    await acknowledged;
  }

  private take(message: Record<string, unknown>): void {
    this.received.push(message);
    const index = this.waiting.findIndex(({ isMeant }) => isMeant(message));
    if (index >= 0) this.waiting.splice(index, 1)[0]!.resolve(message);
  }
}
