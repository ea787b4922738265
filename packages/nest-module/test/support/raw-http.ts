import { request, type IncomingHttpHeaders } from 'node:http';

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly json: () => {
    data?: Record<string, unknown>;
    errors?: { message: string; extensions: { code: string; remedy: string; details?: unknown; correlationId?: string } }[];
  };
}

/** A request with any method, header and body, also those that `fetch` would not send. */
export function rawHttp(
  url: string,
  {
    method = 'GET',
    headers = {},
    body,
  }: { readonly method?: string; readonly headers?: Record<string, string>; readonly body?: string } = {},
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: text,
          json: () => JSON.parse(text) as ReturnType<RawAnswer['json']>,
        }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

export function post(url: string, query: string, headers: Record<string, string> = {}): Promise<RawAnswer> {
  return rawHttp(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ query }) });
}
