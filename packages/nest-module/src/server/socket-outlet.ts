import type { Duplex } from 'node:stream';

import type { WebSocket } from 'ws';

export interface SocketOutletLimits {
  readonly queuedBytes: number;
  readonly stalledReaderMs: number;
}

const TEXT = { binary: false };

/**
 * What goes out on one WebSocket. A message waits here, and with it the subscription that made it, while too many bytes
 * are under way already; so what waits for a slow reader is bounded. A reader that takes nothing at all for a while is
 * given up with `onStalled`.
 */
export class SocketOutlet {
  private waiting: (() => void)[] = [];
  private stalled: NodeJS.Timeout | null = null;
  private readonly closed: Promise<void>;

  constructor(
    private readonly socket: WebSocket,
    /** What the WebSocket writes to. */
    private readonly stream: Duplex,
    private readonly limits: SocketOutletLimits,
    private readonly onStalled: () => void,
  ) {
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.wake();
        resolve();
      });
    });
  }

  /**
   * True, at once where there is room, when the message is on its way; on a socket that is closing false, and not before it is
   * closed, so that nothing more is made for it.
   */
  send(text: string): true | Promise<boolean> {
    const data = Buffer.from(text);
    return this.isOpen() && !this.isFull(data.length) ? this.write(data) : this.sendLater(data);
  }

  private async sendLater(data: Buffer): Promise<boolean> {
    while (this.isOpen() && this.isFull(data.length)) await this.room();
    return this.isOpen() ? this.write(data) : this.closed.then(() => false);
  }

  private write(data: Buffer): true {
    this.writeTogether();
    this.socket.send(data, TEXT, this.wake);
    return true;
  }

  /** Holds what is sent in this moment back until all of it is there: one call of the system instead of one for each message. */
  private writeTogether(): void {
    if (this.stream.writableCorked > 0) return;
    this.stream.cork();
    process.nextTick(() => this.stream.uncork());
  }

  private isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  /** One message alone may be larger than what may wait. */
  private isFull(bytes: number): boolean {
    return this.socket.bufferedAmount > 0 && this.socket.bufferedAmount + bytes > this.limits.queuedBytes;
  }

  private room(): Promise<void> {
    this.stalled ??= setTimeout(() => this.onStalled(), this.limits.stalledReaderMs);
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private readonly wake = (): void => {
    if (this.stalled) clearTimeout(this.stalled);
    this.stalled = null;
    if (this.waiting.length === 0) return;
    const woken = this.waiting;
    this.waiting = [];
    for (const resolve of woken) resolve();
  };
}
