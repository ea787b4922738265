import type { IncomingMessage, ServerResponse } from 'node:http';

import type { ParsedApiOptions } from '../api.options.js';
import type { HttpAdapter, Mount } from './mount.js';

interface FastifyRequest {
  readonly raw: IncomingMessage;
  readonly body: unknown;
}
interface FastifyReply {
  readonly raw: ServerResponse;
  hijack(): void;
}
interface FastifyApplication {
  route(options: {
    method: string[];
    url: string;
    bodyLimit: number;
    handler: (request: FastifyRequest, reply: FastifyReply) => Promise<void>;
  }): void;
}

/** On Fastify the API is two routes; Fastify reads the body, up to the API's own limit. */
export function mountOnFastify(adapter: HttpAdapter, { path, limits }: ParsedApiOptions): Mount {
  const app = adapter.getInstance<FastifyApplication>();
  return {
    serve: (handle) => {
      const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
        reply.hijack();
        await handle(Object.assign(request.raw, { body: request.body ?? undefined }), reply.raw);
      };
      app.route({ method: ['GET', 'POST', 'OPTIONS'], url: path, bodyLimit: limits.bodyBytes, handler });
      app.route({ method: ['GET'], url: `${path}/graphiql/:file`, bodyLimit: limits.bodyBytes, handler });
    },
  };
}
