import { ApiResponseError } from '../errors.js';
import type { LiveResult } from './live-transport.js';
import { Retries, type RetrySettings } from './retries.js';

export interface ResumeOptions {
  readonly settings: RetrySettings;
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
  const retries = new Retries(settings, signal);
  for (;;) {
    if (signal?.aborted) return;
    const source = open();
    const leave = (): void => void source.return?.();
    signal?.addEventListener('abort', leave, { once: true });
    try {
      for await (const { data, errors } of source) {
        if (errors?.length) throw new ApiResponseError(errors);
        retries.succeeded();
        yield data;
      }
      return;
    } catch (cause) {
      if (signal?.aborted) return;
      await retries.after(cause);
    } finally {
      signal?.removeEventListener('abort', leave);
      leave();
    }
  }
}
