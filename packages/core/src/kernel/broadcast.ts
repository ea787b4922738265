/** Hands values on to everybody who listens at the moment. A listener that does not keep up loses the oldest. */
export class Broadcast<T> {
  private readonly listeners = new Set<Listener<T>>();
  private isClosed = false;

  /** @param mostWaiting values kept for one listener */
  constructor(private readonly mostWaiting: number) {}

  get isHeard(): boolean {
    return this.listeners.size > 0;
  }

  send(value: T): void {
    for (const listener of this.listeners) listener.take(value);
  }

  /** From this call on. Ends with the signal, or when this is closed. */
  listen(signal?: AbortSignal): AsyncIterable<T> {
    const listener = new Listener<T>(this.mostWaiting);
    const leave = (): void => {
      this.listeners.delete(listener);
      signal?.removeEventListener('abort', leave);
      listener.end();
    };
    if (this.isClosed || signal?.aborted) listener.end();
    else {
      this.listeners.add(listener);
      signal?.addEventListener('abort', leave, { once: true });
    }
    return listener.values(leave);
  }

  close(): void {
    this.isClosed = true;
    for (const listener of this.listeners) listener.end();
    this.listeners.clear();
  }
}

class Listener<T> {
  private readonly waiting: T[] = [];
  private wake: (() => void) | null = null;
  private isOver = false;

  constructor(private readonly mostWaiting: number) {}

  take(value: T): void {
    this.waiting.push(value);
    if (this.waiting.length > this.mostWaiting) this.waiting.shift();
    this.ring();
  }

  end(): void {
    this.isOver = true;
    this.ring();
  }

  async *values(leave: () => void): AsyncGenerator<T, void, undefined> {
    try {
      for (;;) {
        while (this.waiting.length > 0) yield this.waiting.shift()!;
        if (this.isOver) return;
        await new Promise<void>((resolve) => (this.wake = resolve));
      }
    } finally {
      leave();
    }
  }

  private ring(): void {
    this.wake?.();
    this.wake = null;
  }
}
