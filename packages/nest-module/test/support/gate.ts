/** Lets agents of a test wait until the test says go, and tells the test that they wait. */
export class Gate {
  private release!: () => void;
  private arrive!: () => void;
  readonly opened = new Promise<void>((resolve) => (this.release = resolve));
  /** Resolves when the first agent has come. */
  readonly reached = new Promise<void>((resolve) => (this.arrive = resolve));

  /** For agents. */
  async pass(signal: AbortSignal): Promise<void> {
    this.arrive();
    await Promise.race([
      this.opened,
      new Promise<never>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })),
    ]);
  }

  open(): void {
    this.release();
  }
}
