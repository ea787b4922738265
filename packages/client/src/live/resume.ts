import type { ClientSettings } from '../client-options.js';
import { ApiResponseError } from '../errors.js';
import { classifyFailure } from './classify-failure.js';
import type { LiveResult } from './live-transport.js';

export interface ResumeOptions {
  readonly settings: Pick<ClientSettings, 'retryAttempts' | 'retryWait' | 'onRetry' | 'renewsHeaders'>;
  /** Begins the stream from where it stands now. */
  readonly open: () => AsyncIterableIterator<LiveResult>;
  /** Ends the stream without an error. */
  readonly signal: AbortSignal | undefined;
}

/**
 * A stream that outlives its connections: whenever one is lost, `open` is asked for the rest. Ends when the server says so.
 *
 * @throws ApiResponseError, ConnectionError for what connecting again would not mend
 */
export async function* resume({ settings, open, signal }: ResumeOptions): AsyncGenerator<unknown, void> {
  let attempt = 0;
  for (;;) {
    if (signal?.aborted) return;
    const source = open();
    const leave = (): void => void source.return?.();
    signal?.addEventListener('abort', leave, { once: true });
    try {
      for await (const { data, errors } of source) {
        if (errors?.length) throw new ApiResponseError(errors);
        attempt = 0;
        yield data;
      }
      return;
    } catch (cause) {
      if (signal?.aborted) return;
      attempt += 1;
      const { error, isRetryable, waitMs } = classifyFailure(cause, settings.renewsHeaders);
      if (!isRetryable || attempt > settings.retryAttempts) throw error;
      settings.onRetry({ attempt, cause: error });
      await (waitMs === undefined ? settings.retryWait(attempt) : wait(waitMs));
    } finally {
      signal?.removeEventListener('abort', leave);
      leave();
    }
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
