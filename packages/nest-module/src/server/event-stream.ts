import type { ServerResponse } from 'node:http';

/** Proxies drop connections over which nothing goes. */
const PING_MS = 12_000;

/** One answer of Server-Sent Events. What it is sent waits until the reader has taken what came before. */
export class EventStream {
  /** Aborts when the reader has left, or was given up. */
  readonly closed: AbortSignal;
  private readonly pinger: NodeJS.Timeout;

  constructor(
    private readonly response: ServerResponse,
    /** How long a reader may take nothing while something waits for it. */
    private readonly stalledReaderMs: number,
  ) {
    const closed = new AbortController();
    this.closed = closed.signal;
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    });
    response.write(':\n\n');
    this.pinger = setInterval(() => {
      if (!response.writableNeedDrain) response.write(':\n\n');
    }, PING_MS);
    this.pinger.unref();
    response.once('close', () => {
      clearInterval(this.pinger);
      closed.abort();
    });
  }

  /** `data`: one line. Resolves with false when the reader is gone. */
  async send(event: 'next' | 'complete', data = '', id?: number): Promise<boolean> {
    if (this.closed.aborted) return false;
    const lines = [...(id === undefined ? [] : [`id: ${id}`]), `event: ${event}`, `data: ${data}`];
    if (!this.response.write(`${lines.join('\n')}\n\n`)) await this.drained();
    return !this.closed.aborted;
  }

  end(): void {
    this.response.end();
  }

  /** Ends it so that the reader sees that something is missing. */
  breakOff(): void {
    this.response.destroy();
  }

  private drained(): Promise<void> {
    return new Promise((resolve) => {
      const stalled = setTimeout(() => this.breakOff(), this.stalledReaderMs);
      const finish = (): void => {
        clearTimeout(stalled);
        this.response.off('drain', finish);
        this.closed.removeEventListener('abort', finish);
        resolve();
      };
      this.response.once('drain', finish);
      this.closed.addEventListener('abort', finish);
    });
  }
}
