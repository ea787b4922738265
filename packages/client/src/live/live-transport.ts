import type { ApiErrorShape } from '../errors.js';

export interface LiveResult {
  readonly data?: unknown;
  readonly errors?: readonly ApiErrorShape[] | undefined;
}

/** Carries subscriptions. Connects when there is one to carry; a lost connection ends its streams with an error. */
export interface LiveTransport {
  open(query: string, variables: Readonly<Record<string, unknown>>): AsyncIterableIterator<LiveResult>;
  dispose(): void | Promise<void>;
}
