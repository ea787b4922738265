/** A place where something waits until a test lets it go on. */
export class Gate<T = void> {
  private readonly arrivals: (() => void)[] = [];
  private readonly opened: Promise<T>;
  private letGo!: (value: T) => void;
  private count = 0;

  constructor() {
    this.opened = new Promise((resolve) => (this.letGo = resolve));
  }

  /** Waits here until the gate is opened. */
  async pass(): Promise<T> {
    this.count += 1;
    for (const arrive of this.arrivals.splice(0)) arrive();
    return this.opened;
  }

  /** Resolves when somebody waits at the gate, or has passed it (`times` of them). */
  async reached(times = 1): Promise<void> {
    while (this.count < times) await new Promise<void>((resolve) => this.arrivals.push(resolve));
  }

  open(value: T): void {
    this.letGo(value);
  }
}

/** Resolves when the signal aborts, with its reason. */
export function aborted(signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(signal.reason);
    else signal.addEventListener('abort', () => resolve(signal.reason), { once: true });
  });
}

/** A promise that nobody ever settles. */
export function forever(): Promise<never> {
  return new Promise(() => undefined);
}
