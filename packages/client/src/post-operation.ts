import type { ClientSettings } from './client-options.js';
import { ApiResponseError, ConnectionError, type ApiErrorShape } from './errors.js';

/** A query or mutation over HTTP. @throws ApiResponseError, ConnectionError */
export async function postOperation(
  { url, headers, fetch }: Pick<ClientSettings, 'url' | 'headers' | 'fetch'>,
  query: string,
  variables: Readonly<Record<string, unknown>>,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { ...(await headers()), 'content-type': 'application/json', accept: 'application/graphql-response+json, application/json' },
      body: JSON.stringify({ query, variables }),
      ...(signal ? { signal } : undefined),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ConnectionError(`${url} cannot be reached: ${(cause as Error).message}`, null, { cause });
  }
  const answer = await bodyOf(response);
  if (answer.errors?.length) throw new ApiResponseError(answer.errors);
  return answer.data;
}

async function bodyOf(response: Response): Promise<{ data?: unknown; errors?: readonly ApiErrorShape[] }> {
  const text = await response.text();
  try {
    return JSON.parse(text) as { data?: unknown; errors?: readonly ApiErrorShape[] };
  } catch (cause) {
    throw new ConnectionError(`The server answered ${response.status} and no JSON: is this the address of the API?`, response.status, {
      cause,
    });
  }
}
