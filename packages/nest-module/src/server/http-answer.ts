import type { IncomingMessage, ServerResponse } from 'node:http';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

export function jsonAnswer(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): HttpAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(body),
  };
}

/** As NestJS says it of every address that there is not. Express keeps the whole one as `originalUrl`. */
export function notFound({ method, url, originalUrl = url }: IncomingMessage & { readonly originalUrl?: string | undefined }): HttpAnswer {
  return jsonAnswer(404, { message: `Cannot ${method} ${originalUrl}`, error: 'Not Found', statusCode: 404 });
}

export function send(response: ServerResponse, { status, headers, body }: HttpAnswer): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.setHeader('content-length', Buffer.byteLength(body));
  response.setHeader('x-content-type-options', 'nosniff');
  response.end(body);
}
