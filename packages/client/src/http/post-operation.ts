import type { ClientSettings } from '../client-options.js';
import { ConnectionError } from '../errors.js';
import { answerOf } from './answer-of.js';

/** A query or mutation over HTTP. @throws ApiResponseError, ConnectionError; the signal's reason when that ends it */
export async function postOperation(
  { url, headers, fetch, requestTimeoutMs }: Pick<ClientSettings, 'url' | 'headers' | 'fetch' | 'requestTimeoutMs'>,
  query: string,
  variables: Readonly<Record<string, unknown>>,
  signal: AbortSignal | undefined,
): Promise<object> {
  const body = JSON.stringify({ query, variables });
  const sentHeaders = await headers();
  const late = AbortSignal.timeout(requestTimeoutMs);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...sentHeaders, 'content-type': 'application/json', accept: 'application/graphql-response+json, application/json' },
      body,
      signal: signal ? AbortSignal.any([signal, late]) : late,
    });
    return await answerOf(response);
  } catch (cause) {
    if (signal?.aborted) throw cause;
    if (late.aborted) throw new ConnectionError(`${url} did not answer within ${requestTimeoutMs} ms.`, null, { cause });
    if (!isNetworkFailure(cause)) throw cause;
    throw new ConnectionError(`${url} cannot be reached: ${reasonOf(cause)}`, null, { cause });
  }
}

/** `fetch` throws a TypeError for whatever happens to a connection; told by its name, since it may be another realm's. */
function isNetworkFailure(cause: unknown): cause is FetchError {
  return typeof cause === 'object' && cause !== null && 'name' in cause && cause.name === 'TypeError';
}

interface FetchError {
  readonly message: string;
  /** Node.js says only "fetch failed" and gives the system's error here. */
  readonly cause?: { readonly message?: string; readonly code?: string };
}

function reasonOf({ message, cause }: FetchError): string {
  return cause?.message || cause?.code || message;
}
