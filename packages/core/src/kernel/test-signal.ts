/**
 * A moment inside the engine that tests can wait for instead of sleeping. Silent in production: `fire` does nothing
 * until somebody listens.
 */
export class TestSignal<T = void> {
  private waiting: ((value: T) => void)[] = [];

  fire(value: T): void {
    if (this.waiting.length === 0) return;
    const woken = this.waiting;
    this.waiting = [];
    for (const wake of woken) wake(value);
  }

  /** Resolves at the next `fire`. */
  next(): Promise<T> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}
