import { ApiResponseError, ConnectionError, type ApiErrorShape } from '../errors.js';

/**
 * The data of an answer over HTTP.
 *
 * @throws ApiResponseError for what the API says is wrong
 * @throws ConnectionError for what the API did not say: a proxy's page, an application's own guard, another server
 */
export async function answerOf(response: Response): Promise<object> {
  const { status } = response;
  const text = await response.text();
  const answer = parsed(text);
  if (answer !== null && Array.isArray(answer.errors) && answer.errors.length > 0)
    throw new ApiResponseError(answer.errors as ApiErrorShape[], status);
  if (answer !== null && typeof answer.data === 'object' && answer.data !== null) return answer.data;
  throw new ConnectionError(`${response.url} answered ${status}${kindOf(response, answer)}.${hintFor(status)}`, status);
}

function parsed(text: string): { readonly data?: unknown; readonly errors?: unknown } | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

function kindOf({ headers }: Response, answer: object | null): string {
  if (answer !== null) return ' and JSON that is no answer of the API';
  const type = headers.get('content-type')?.split(';', 1)[0]?.trim();
  return type === undefined || type === '' ? ' and no JSON' : ` and ${type} instead of JSON`;
}

function hintFor(status: number): string {
  if (status === 401 || status === 403) return ' It does not admit this caller.';
  return status < 500 && status !== 429 ? ' Is this the address of the API?' : '';
}
