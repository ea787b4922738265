import type { IncomingMessage } from 'node:http';

import { ApiError } from '../errors/api-error.js';

/** Bytes read before the application's own body parser could, which takes at most 100 kB; or why they were not kept. */
const READ = new WeakMap<IncomingMessage, Buffer | ApiError>();

/** A body of up to so many times the limit is read to its end, so that its sender hears why it was refused. */
const PATIENCE = 16;

/**
 * Reads a request's body to the end and keeps it for {@link jsonBodyOf}, which also throws when it was too large.
 *
 * @throws ApiError `BODY_TOO_LARGE` for one so large that it is not read to its end
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<void> {
  return new Promise((resolve, reject) => {
    if (Number(request.headers['content-length']) > maxBytes * PATIENCE) return reject(tooLarge(maxBytes));
    let chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBytes) chunks.push(chunk);
      else chunks = [];
      if (bytes > maxBytes * PATIENCE) reject(tooLarge(maxBytes));
    });
    request.on('end', () => {
      READ.set(request, bytes > maxBytes ? tooLarge(maxBytes) : Buffer.concat(chunks));
      resolve();
    });
    request.on('error', reject);
    request.on('close', () => reject(new Error('the sender broke off')));
  });
}

/**
 * The JSON of a request's body, by whomever it was read.
 *
 * @throws ApiError `BODY_NOT_JSON`, `BODY_TOO_LARGE`
 */
export function jsonBodyOf(request: IncomingMessage & { readonly body?: unknown }): unknown {
  const read = READ.get(request);
  if (read instanceof ApiError) throw read;
  return read ? parseJson(read, request.headers['content-encoding']) : request.body;
}

function parseJson(body: Buffer, encoding: string | undefined): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw notJson(encoding);
  }
}

/** Whatever else a body is, of a request with the given `content-encoding`. */
export function notJson(encoding: string | undefined): ApiError {
  const packed = encoding === undefined ? '' : `; \`content-encoding: ${encoding.slice(0, 80)}\` is not unpacked`;
  return new ApiError('BODY_NOT_JSON', `The body of the request is not JSON${packed}.`);
}

/** A body of any other type than JSON's. */
export function typeRefused(contentType: string | undefined): ApiError {
  const type = mediaTypeOf(contentType);
  return new ApiError('CONTENT_TYPE_REFUSED', `A body of type ${type ? `"${type.slice(0, 80)}"` : 'unknown'} is refused.`);
}

/** A `content-type` without its parameters. */
export function mediaTypeOf(contentType: string | undefined): string | undefined {
  return contentType?.split(';', 1)[0]!.trim().toLowerCase();
}

export function tooLarge(maxBytes: number): ApiError {
  return new ApiError('BODY_TOO_LARGE', `The body of the request is larger than ${maxBytes} bytes (\`api.limits.bodyBytes\`).`, {
    limit: maxBytes,
    setting: 'api.limits.bodyBytes',
  });
}
