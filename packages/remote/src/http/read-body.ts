import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** A body is larger than its limit; what is left of it is not read. */
export class BodyTooLarge extends Error {
  constructor(readonly limit: number) {
    super(`The body has more than ${limit} bytes.`);
    this.name = 'BodyTooLarge';
  }
}

/** A whole body, counted as it comes out unpacked. @throws BodyTooLarge */
export async function readBody(stream: Readable, maxBytes: number, encoding: 'identity' | 'gzip' = 'identity'): Promise<Buffer> {
  // What goes wrong on either side of the unpacking ends the reading below.
  const source = encoding === 'gzip' ? pipeline(stream, createGunzip(), () => undefined) : stream;
  try {
    return await collectAtMost(source, maxBytes);
  } finally {
    stream.destroy();
  }
}

/** Joins what comes; the source is left where it stands when it is too much. @throws BodyTooLarge */
export async function collectAtMost(source: AsyncIterable<Buffer>, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new BodyTooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** The JSON value of a body; `undefined` where it is none (not UTF-8, not JSON). */
export function parseJsonBody(body: Uint8Array): unknown {
  try {
    return JSON.parse(UTF8.decode(body)) as unknown;
  } catch {
    return undefined;
  }
}
