import type { IncomingMessage, ServerResponse } from 'node:http';

import type { HttpAdapterHost } from '@nestjs/core';

import type { ParsedApiOptions } from '../api.options.js';
import { mountOnExpress } from './mount-on-express.js';
import { mountOnFastify } from './mount-on-fastify.js';

export type HttpAdapter = HttpAdapterHost['httpAdapter'];
export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** A place for the API in an application's HTTP server. */
export interface Mount {
  /** Hands requests to the API's path to `handle`, behind the middleware the application has put in place by now. */
  serve(handle: Handler): void;
}

/** `null` where there is no HTTP server: a standalone context, or a test that has not made one yet. */
export function mountOn(adapter: HttpAdapter | null | undefined, api: ParsedApiOptions): Mount | null {
  switch (adapter?.getType?.()) {
    case 'express':
      return mountOnExpress(adapter, api);
    case 'fastify':
      return mountOnFastify(adapter, api);
    default:
      return null;
  }
}
