import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';

import type { JsonObject, Logger } from '@taskloom/core';

import { REMOTE_REPLY_CODES, ReplyError } from '../protocol/reply-codes.js';
import { BodyTooLarge, collectAtMost } from './read-body.js';

/** A request as an endpoint sees it, whatever framework it came through. */
export interface EndpointRequest {
  readonly method: string;
  /** Path and query as they were received. */
  readonly path: string;
  /** By lower-case name. */
  readonly header: (name: string) => string | undefined;
  /** @throws ReplyError `MESSAGE_TOO_LARGE` */
  readonly body: (maxBytes: number) => Promise<Buffer>;
  /** Aborts when the other side is gone before it has a reply. */
  readonly gone: AbortSignal;
}

export interface EndpointReply {
  readonly status: number;
  readonly body: JsonObject;
}

/** What receives messages. Both functions can be passed on by themselves. */
export interface Endpoint {
  /** For `node:http`, and for frameworks that hand out its request and response, before anything has read the body. */
  readonly node: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** For frameworks that speak the Fetch API. */
  readonly fetch: (request: Request) => Promise<Response>;
}

/** Makes an endpoint of a function. What that throws is replied, as its code or as `INTERNAL`, and never rejects. */
export function createEndpoint(handle: (request: EndpointRequest) => Promise<EndpointReply>, logger: Logger, what: string): Endpoint {
  const reply = async (request: EndpointRequest): Promise<EndpointReply> => {
    try {
      if (request.method !== 'POST') throw new ReplyError('METHOD_NOT_ALLOWED', 'Only POST is taken here.');
      checkContent(request);
      return await handle(request);
    } catch (error) {
      if (!(error instanceof ReplyError) || error.code === 'INTERNAL')
        logger.error(`${what} could not handle a message.`, { error: error instanceof Error ? error.message : 'not an error' });
      return refusal(error);
    }
  };
  return {
    node: async (request, response) => {
      const gone = new AbortController();
      response.once('close', () => gone.abort());
      const { status, body } = await reply(fromNode(request, gone.signal));
      if (response.destroyed || response.writableEnded) return;
      const text = JSON.stringify(body);
      response.writeHead(status, { ...HEADERS, 'content-length': Buffer.byteLength(text), ...(request.complete ? undefined : CLOSE) });
      await new Promise<void>((resolve) => {
        response.once('close', resolve);
        response.end(text, resolve);
      });
    },
    fetch: async (request) => {
      const { status, body } = await reply(fromFetch(request));
      return new Response(JSON.stringify(body), { status, headers: HEADERS });
    },
  };
}

const HEADERS = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };
/** The rest of a body that is not read must not be taken for the next request. */
const CLOSE = { connection: 'close' };

function checkContent({ header }: EndpointRequest): void {
  if (!/^application\/json\b/i.test(header('content-type') ?? '') || !/^(?:identity)?$/i.test(header('content-encoding') ?? ''))
    throw new ReplyError('CONTENT_TYPE_REFUSED', 'The body must be JSON, without a content encoding.');
}

function refusal(error: unknown): EndpointReply {
  const { code, message } = error instanceof ReplyError ? error : { code: 'INTERNAL' as const, message: 'Something went wrong here.' };
  const { status, remedy } = REMOTE_REPLY_CODES[code];
  return { status, body: { error: { code, message, remedy } } };
}

function fromNode(request: IncomingMessage, gone: AbortSignal): EndpointRequest {
  return {
    method: request.method ?? '',
    // Express and its kin cut `url` to what lies below the mount.
    path: ('originalUrl' in request && typeof request.originalUrl === 'string' ? request.originalUrl : request.url) ?? '/',
    header: (name) => {
      const value = request.headers[name];
      return Array.isArray(value) ? value.join(', ') : value;
    },
    body: (maxBytes) => {
      const raw = 'rawBody' in request && request.rawBody instanceof Uint8Array ? Buffer.from(request.rawBody) : null;
      if (raw) return Promise.resolve(atMost(raw, maxBytes));
      if (request.readableEnded) throw new ReplyError('INTERNAL', 'Something has read the body before: mount this before any body parser.');
      return bodyOf(request, maxBytes);
    },
    gone,
  };
}

function fromFetch(request: Request): EndpointRequest {
  const { pathname, search } = new URL(request.url);
  return {
    method: request.method,
    path: `${pathname}${search}`,
    header: (name) => request.headers.get(name) ?? undefined,
    body: (maxBytes) => (request.body ? bodyOf(Readable.fromWeb(request.body), maxBytes) : Promise.resolve(Buffer.alloc(0))),
    gone: request.signal,
  };
}

async function bodyOf(stream: Readable, maxBytes: number): Promise<Buffer> {
  try {
    // The connection stays, to reply on.
    return await collectAtMost(stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>, maxBytes);
  } catch (error) {
    if (error instanceof BodyTooLarge) throw tooLarge(maxBytes);
    throw new ReplyError('MESSAGE_INVALID', 'The body broke off.');
  }
}

function atMost(body: Buffer, maxBytes: number): Buffer {
  if (body.byteLength > maxBytes) throw tooLarge(maxBytes);
  return body;
}

function tooLarge(maxBytes: number): ReplyError {
  return new ReplyError('MESSAGE_TOO_LARGE', `The body has more than ${maxBytes} bytes.`);
}
