import type { IncomingMessage, ServerResponse } from 'node:http';

import { HeaderMap, type ApolloServer, type HTTPGraphQLResponse } from '@apollo/server';

import type { AccessControl } from '../access/access-control.js';
import { ApiError } from '../errors/api-error.js';
import type { ApiContext, ApiContexts } from '../graphql/api-context.js';
import type { ErrorPresenter } from '../graphql/graphql-errors.js';
import type { ApiLimits } from '../limits/api-limits.js';
import type { QueryGate } from '../limits/query-gate.js';
import type { GraphiqlFiles } from './graphiql/graphiql-files.js';
import { jsonAnswer, send, type HttpAnswer } from './http-answer.js';
import { jsonBodyOf } from './request-body.js';
import { withinTime } from './within-time.js';

export interface HttpEndpointParts {
  readonly path: string;
  readonly contexts: ApiContexts;
  readonly apollo: ApolloServer<ApiContext>;
  readonly access: AccessControl;
  readonly gate: QueryGate;
  readonly limits: ApiLimits;
  readonly presenter: ErrorPresenter;
  /** `null` where GraphiQL is off. */
  readonly graphiql: GraphiqlFiles | null;
}

/** The API over HTTP: plain Node requests in, so that it serves under Express and Fastify alike. */
export class HttpEndpoint {
  constructor(private readonly parts: HttpEndpointParts) {}

  /** Answers a request to the endpoint, or to a file below it. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { graphiql, presenter } = this.parts;
    const url = urlOf(request);
    try {
      this.parts.access.checkPeer(request);
      send(response, graphiql?.answer(request, url.pathname) ?? (await this.operate(request, url)));
    } catch (error) {
      const status = error instanceof ApiError ? error.status : undefined;
      const shown = presenter.present(error);
      send(
        response,
        jsonAnswer(
          status ?? (shown.extensions.code === 'INTERNAL' ? 500 : 400),
          { errors: [shown] },
          status === 405 ? { allow: 'GET, POST' } : {},
        ),
      );
    }
  }

  private async operate(request: IncomingMessage, url: URL): Promise<HttpAnswer> {
    const { access, apollo, contexts, limits } = this.parts;
    checkForm(request);
    if (request.method === 'GET' && !url.searchParams.has('query') && request.headers.accept?.includes('text/html')) {
      throw new ApiError('GRAPHIQL_DISABLED', 'This is a GraphQL endpoint; the GraphiQL page is off.');
    }
    const caller = await access.callerOf(request);
    const body = request.method === 'POST' ? jsonBodyOf(request) : undefined;
    this.checkQuery(request.method === 'POST' ? body : { query: url.searchParams.get('query') });
    const answer = apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: request.method ?? 'GET', headers: headersOf(request), search: url.search, body },
      context: () => Promise.resolve(contexts.of(caller)),
    });
    return toHttpAnswer(await withinTime(answer, limits.operationTimeoutMs));
  }

  private checkQuery(body: unknown): void {
    if (Array.isArray(body)) throw new ApiError('BATCH_REFUSED', 'Several operations in one request are refused.');
    const query = typeof body === 'object' && body !== null && 'query' in body ? body.query : undefined;
    if (typeof query === 'string' && query !== '') this.parts.gate.admit(query);
  }
}

function checkForm(request: IncomingMessage): void {
  const { method } = request;
  if (method !== 'GET' && method !== 'POST') throw new ApiError('METHOD_NOT_ALLOWED', `${method ?? 'This method'} is not answered here.`);
  const contentType = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (method === 'POST' && contentType !== 'application/json') {
    throw new ApiError('CONTENT_TYPE_REFUSED', `A body of type ${contentType ? `"${contentType.slice(0, 80)}"` : 'unknown'} is refused.`);
  }
}

function urlOf(request: IncomingMessage & { readonly originalUrl?: string }): URL {
  return new URL(request.originalUrl ?? request.url ?? '/', 'http://localhost');
}

function headersOf(request: IncomingMessage): HeaderMap {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}

function toHttpAnswer({ status, headers, body }: HTTPGraphQLResponse): HttpAnswer {
  // Apollo answers in chunks only to @defer and @stream, which this schema does not have.
  if (body.kind !== 'complete') throw new Error('an answer in chunks was not expected');
  return { status: status ?? 200, headers: Object.fromEntries(headers), body: body.string };
}
