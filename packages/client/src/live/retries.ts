import type { ClientSettings } from '../client-options.js';
import { classifyFailure } from './classify-failure.js';
import { wait } from './wait.js';

export type RetrySettings = Pick<ClientSettings, 'retryAttempts' | 'retryWait' | 'onRetry' | 'renewsHeaders'>;

/** Attempts in a row to do what a lost connection has cut off. */
export class Retries {
  private attempt = 0;

  constructor(
    private readonly settings: RetrySettings,
    private readonly signal: AbortSignal | undefined,
  ) {}

  /** Something came: the next failure is the first again. */
  succeeded(): void {
    this.attempt = 0;
  }

  /**
   * Waits until it is time to try again, or until the signal aborts.
   *
   * @throws ApiResponseError, ConnectionError for what trying again would not mend
   */
  async after(cause: unknown): Promise<void> {
    const { settings, signal } = this;
    this.attempt += 1;
    const { error, isRetryable, waitMs } = classifyFailure(cause, settings.renewsHeaders);
    if (!isRetryable || this.attempt > settings.retryAttempts) throw error;
    settings.onRetry({ attempt: this.attempt, cause: error });
    await unlessAborted(waitMs === undefined ? settings.retryWait(this.attempt, signal) : wait(waitMs, signal), signal);
  }
}

async function unlessAborted(waiting: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return waiting;
  if (signal.aborted) return;
  let leave = (): void => {};
  const aborted = new Promise<void>((resolve) => (leave = resolve));
  signal.addEventListener('abort', leave, { once: true });
  try {
    await Promise.race([waiting, aborted]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
