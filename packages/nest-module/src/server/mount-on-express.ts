import type { IncomingMessage, ServerResponse } from 'node:http';

import type { ParsedApiOptions } from '../api.options.js';
import { ApiError } from '../errors/api-error.js';
import type { HttpAdapter, Mount } from './mount.js';
import { refuseBody } from './refuse-body.js';
import { readBody } from './request-body.js';

type Next = (error?: unknown) => void;
type ExpressRequest = IncomingMessage & { readonly path: string };
type Middleware = (request: ExpressRequest, response: ServerResponse, next: Next) => void | Promise<void>;

interface ExpressApplication {
  use(path: string, middleware: Middleware): void;
}

/**
 * On Express the API stands where a GraphQLModule would: behind the application's middleware (CORS, sessions, helmet …),
 * before its not-found handler. Only the body is read before, because the application's parser would refuse it.
 */
export function mountOnExpress(adapter: HttpAdapter, { path, limits }: ParsedApiOptions): Mount {
  const app = adapter.getInstance<ExpressApplication>();
  app.use(path, (request, response, next) =>
    isEndpoint(request) && request.method === 'POST' ? readAhead(request, response, next, limits.bodyBytes) : next(),
  );
  return {
    serve: (handle) =>
      app.use(path, (request, response, next) => {
        const isOurs = isEndpoint(request) || request.path.startsWith('/graphiql/');
        return isOurs ? handle(request, response) : next();
      }),
  };
}

function isEndpoint(request: ExpressRequest): boolean {
  return request.path === '/';
}

async function readAhead(request: ExpressRequest, response: ServerResponse, next: Next, maxBytes: number): Promise<void> {
  try {
    await readBody(request, maxBytes);
  } catch (error) {
    // Without a code the sender broke off.
    return error instanceof ApiError ? refuseBody(request, response, error) : void request.destroy();
  }
  next();
}
