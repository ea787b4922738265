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
    const packed = encoding === undefined ? '' : `; \`content-encoding: ${encoding.slice(0, 80)}\` is not unpacked`;
    throw new ApiError('BODY_NOT_JSON', `The body of the request is not JSON${packed}.`);
  }
}

function tooLarge(maxBytes: number): ApiError {
  return new ApiError('BODY_TOO_LARGE', `The body of the request is larger than ${maxBytes} bytes (\`api.limits.bodyBytes\`).`, {
    limit: maxBytes,
    setting: 'api.limits.bodyBytes',
  });
}
