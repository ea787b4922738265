import { wait } from './live/wait.js';

type Headers = Readonly<Record<string, string>>;

/**
 * Waits before the given attempt (1, 2, 3 …) to connect again. What it comes to is not waited for any more when the signal
 * aborts; whoever holds a timer may clear it then.
 */
export type RetryWait = (attempt: number, signal: AbortSignal | undefined) => Promise<void>;

export interface TaskloomClientOptions {
  /** Where the API is, for example `https://app.example.org/graphql`. In a browser a path will do. */
  readonly url: string;
  /** Sent with each request and, as `connectionParams`, with each WebSocket. A function is asked anew for every connection. Default: none. */
  readonly headers?: Headers | (() => Headers | Promise<Headers>);
  /** How subscriptions travel. Default `websocket`. */
  readonly transport?: 'websocket' | 'sse';
  /** Default: `url` with `ws:` or `wss:`. */
  readonly socketUrl?: string;
  /** Attempts in a row to connect again before a stream gives up. Default: no end. */
  readonly retryAttempts?: number;
  /** Default: 0.1 s, doubled for each attempt, at most 10 s, a random part of it left out. */
  readonly retryWait?: RetryWait;
  /** Told each time a stream begins to connect again: which attempt in a row it is, and the ApiResponseError or ConnectionError that made it. */
  readonly onRetry?: (info: { readonly attempt: number; readonly cause: unknown }) => void;
  /** A query or mutation that was not answered after so long counts as not answered at all. Default 60,000. */
  readonly requestTimeoutMs?: number;
  /** A live connection over which nothing came for so long, not even a sign of life, counts as lost. Default 30,000. */
  readonly silenceTimeoutMs?: number;
  /** Default: the global one. */
  readonly fetch?: typeof globalThis.fetch;
  /** Default: the global one, which Node.js has from version 22 on. */
  readonly WebSocket?: unknown;
}

/** The completed form used inside. */
export interface ClientSettings {
  readonly url: string;
  readonly socketUrl: string;
  readonly headers: () => Promise<Headers>;
  /** Whether asking for headers again may give other ones. */
  readonly renewsHeaders: boolean;
  readonly transport: 'websocket' | 'sse';
  readonly retryAttempts: number;
  readonly retryWait: RetryWait;
  readonly onRetry: NonNullable<TaskloomClientOptions['onRetry']>;
  readonly requestTimeoutMs: number;
  readonly silenceTimeoutMs: number;
  readonly fetch: typeof globalThis.fetch;
  readonly WebSocket: unknown;
}

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 60_000;
const SILENCE_TIMEOUT_MS = 30_000;

/** @throws TypeError for an address that is none */
export function completeOptions(options: TaskloomClientOptions): ClientSettings {
  const { url, headers = {}, transport = 'websocket', retryAttempts = Number.POSITIVE_INFINITY } = options;
  const address = new URL(url, (globalThis as { location?: { href: string } }).location?.href);
  return {
    url: address.href,
    socketUrl: options.socketUrl ?? address.href.replace(/^http/, 'ws'),
    headers: async () => (typeof headers === 'function' ? headers() : headers),
    renewsHeaders: typeof headers === 'function',
    transport,
    retryAttempts,
    retryWait: options.retryWait ?? waitLonger,
    onRetry: options.onRetry ?? (() => {}),
    requestTimeoutMs: options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
    silenceTimeoutMs: options.silenceTimeoutMs ?? SILENCE_TIMEOUT_MS,
    fetch: options.fetch ?? ((...args) => globalThis.fetch(...args)),
    WebSocket: options.WebSocket ?? globalThis.WebSocket,
  };
}

function waitLonger(attempt: number, signal: AbortSignal | undefined): Promise<void> {
  const longest = Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), LONGEST_WAIT_MS);
  return wait(longest * (0.5 + Math.random() / 2), signal);
}
