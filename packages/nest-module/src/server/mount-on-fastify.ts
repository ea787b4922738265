import type { IncomingMessage, ServerResponse } from 'node:http';

import type { ParsedApiOptions } from '../api.options.js';
import type { ApiError } from '../errors/api-error.js';
import type { HttpAdapter, Mount } from './mount.js';
import { refuseBody } from './refuse-body.js';
import { notJson, tooLarge, typeRefused } from './request-body.js';

interface FastifyRequest {
  readonly raw: IncomingMessage;
  readonly body: unknown;
}
interface FastifyReply {
  readonly raw: ServerResponse;
  hijack(): void;
}
interface FastifyError extends Error {
  readonly code?: string;
  readonly statusCode?: number;
}
interface FastifyApplication {
  route(options: {
    method: string[];
    url: string;
    bodyLimit: number;
    handler: (request: FastifyRequest, reply: FastifyReply) => Promise<void>;
    errorHandler: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => void;
  }): void;
}

const METHODS = ['GET', 'POST', 'OPTIONS', 'PUT', 'PATCH', 'DELETE'];

/** On Fastify the API is two routes; Fastify reads the body, up to the API's own limit. */
export function mountOnFastify(adapter: HttpAdapter, { path, limits }: ParsedApiOptions): Mount {
  const app = adapter.getInstance<FastifyApplication>();
  return {
    serve: (handle) => {
      const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
        reply.hijack();
        await handle(Object.assign(request.raw, { body: request.body ?? undefined }), reply.raw);
      };
      const errorHandler = (error: FastifyError, { raw }: FastifyRequest, reply: FastifyReply): void => {
        // What hooks of the application throw is the application's.
        if (!error.code?.startsWith(OF_BODY)) throw error;
        reply.hijack();
        refuseBody(raw, reply.raw, bodyError(error, raw, limits.bodyBytes));
      };
      const common = { bodyLimit: limits.bodyBytes, handler, errorHandler };
      app.route({ ...common, method: METHODS, url: path });
      app.route({ ...common, method: ['GET'], url: `${path}/graphiql/:file` });
    },
  };
}

/** How Fastify's codes for what is wrong with a body begin. */
const OF_BODY = 'FST_ERR_CTP_';

/** What Fastify says about a body, in the words of the API. */
function bodyError({ statusCode }: FastifyError, { headers }: IncomingMessage, maxBytes: number): ApiError {
  if (statusCode === 413) return tooLarge(maxBytes);
  return statusCode === 415 ? typeRefused(headers['content-type']) : notJson(headers['content-encoding']);
}
