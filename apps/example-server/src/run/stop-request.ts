const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * The wish to stop: Ctrl-C or a SIGTERM. The same Ctrl-C may arrive twice (from the terminal and from npm), so only the
 * first counts; a second one after more than a second ends the process at once.
 */
export class StopRequest {
  private readonly controller = new AbortController();
  private requestedAt = 0;
  readonly requested: Promise<void>;

  constructor() {
    this.requested = new Promise((resolve) => this.signal.addEventListener('abort', () => resolve(), { once: true }));
    for (const name of SIGNALS) process.on(name, this.onSignal);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  get isRequested(): boolean {
    return this.signal.aborted;
  }

  dispose(): void {
    for (const name of SIGNALS) process.off(name, this.onSignal);
  }

  private readonly onSignal = (): void => {
    const now = performance.now();
    if (!this.isRequested) {
      this.requestedAt = now;
      this.controller.abort();
    } else if (now - this.requestedAt > 1_000) {
      process.exit(130);
    }
  };
}
