import type { IncomingMessage, ServerResponse } from 'node:http';

import { HeaderMap, type ApolloServer, type HTTPGraphQLResponse } from '@apollo/server';
import { isTaskloomError } from '@taskloom/core';
import { getOperationAST, OperationTypeNode, type DocumentNode } from 'graphql';

import { httpRequestOf } from '../access/api-request.js';
import type { AccessControl } from '../access/access-control.js';
import { ApiError } from '../errors/api-error.js';
import type { ApiContext, ApiContexts } from '../graphql/api-context.js';
import type { ErrorPresenter } from '../graphql/graphql-errors.js';
import type { ApiLimits } from '../limits/api-limits.js';
import type { ClientLimits } from '../limits/client-limits.js';
import type { QueryGate } from '../limits/query-gate.js';
import type { GraphiqlFiles } from './graphiql/graphiql-files.js';
import type { Redactor } from '../secrets/redactor.js';
import type { EventStreamEndpoint } from './event-stream-endpoint.js';
import { answerFormOf, withoutParameters } from './answer-form.js';
import { jsonAnswer, notFound, send, type HttpAnswer } from './http-answer.js';
import { jsonBodyOf, mediaTypeOf, typeRefused } from './request-body.js';
import { operationOf } from './operation-of.js';
import { withinTime } from './within-time.js';

export interface HttpEndpointParts {
  readonly path: string;
  readonly contexts: ApiContexts;
  readonly apollo: ApolloServer<ApiContext>;
  readonly access: AccessControl;
  readonly gate: QueryGate;
  readonly clients: ClientLimits;
  readonly eventStreams: EventStreamEndpoint;
  readonly limits: ApiLimits;
  readonly presenter: ErrorPresenter;
  readonly redactor: Redactor;
  /** `null` where GraphiQL is off. */
  readonly graphiql: GraphiqlFiles | null;
}

/** Of errors that are not the API's own. */
const STATUS_BY_CODE: Readonly<Record<string, number>> = { INTERNAL: 500, ENGINE_STOPPED: 503, STORE_UNAVAILABLE: 503 };

/** The API over HTTP: plain Node requests in, so that it serves under Express and Fastify alike. */
export class HttpEndpoint {
  constructor(private readonly parts: HttpEndpointParts) {}

  /** Answers a request to the endpoint, or to a file below it. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { graphiql, presenter } = this.parts;
    const url = urlOf(request);
    try {
      this.parts.access.checkPeer(request);
      const file = graphiql?.answer(request, url.pathname);
      if (file) send(response, file);
      else if (this.isBelow(url)) this.answer(response, notFound(request));
      else await this.operate(request, response, url);
    } catch (error) {
      if (response.headersSent) return void response.destroy();
      const shown = presenter.present(error);
      const status = error instanceof ApiError ? error.status : (STATUS_BY_CODE[shown.extensions.code] ?? 400);
      this.answer(response, jsonAnswer(status, { errors: [shown] }, headersFor(error)));
    }
  }

  /** Where the files of GraphiQL are, and no operation is answered. */
  private isBelow({ pathname }: URL): boolean {
    return pathname.toLowerCase().startsWith(`${this.parts.path.toLowerCase()}/graphiql/`);
  }

  /** @throws ApiError, GraphQLError, TaskloomError where nothing was answered */
  private async operate(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const { clients, eventStreams } = this.parts;
    const form = answerFormOf(request);
    checkForm(request, form === 'stream' ? ['POST'] : ['GET', 'POST']);
    if (request.method === 'GET' && !url.searchParams.has('query') && request.headers.accept?.includes('text/html')) {
      throw new ApiError('GRAPHIQL_DISABLED', 'This is a GraphQL endpoint; the GraphiQL page is off.');
    }
    // Before anything is done: whoever is told that there is no answer must be able to trust that nothing has happened.
    if (form === 'none')
      throw new ApiError('NOT_ACCEPTABLE', `Nothing is answered as ${JSON.stringify(request.headers.accept?.slice(0, 80))}.`);
    const context = await this.contextOf(request);
    await clients.countOperation(context.client);
    const body = request.method === 'POST' ? this.bodyOf(request) : undefined;
    const document = this.checkQuery(request.method === 'POST' ? body : { query: url.searchParams.get('query') });
    const isSubscription = body !== undefined && document !== null && subscribes(document, body);
    if (form === 'stream' || (form === 'either' && isSubscription))
      return eventStreams.serve(request, response, operationOf(body), context);
    if (isSubscription) throw new ApiError('NOT_ACCEPTABLE', 'A subscription has many answers: it is not given as JSON.');
    this.answer(response, await this.execute(request, url, body, context));
  }

  private async execute(request: IncomingMessage, url: URL, body: unknown, context: ApiContext): Promise<HttpAnswer> {
    const { apollo, limits } = this.parts;
    const answer = apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: request.method ?? 'GET', headers: headersOf(request), search: url.search, body },
      context: () => Promise.resolve(context),
    });
    return toHttpAnswer(await withinTime(answer, limits.operationTimeoutMs));
  }

  /** What comes in with the value of a secret in it is not taken further either. */
  private bodyOf(request: IncomingMessage): unknown {
    return this.parts.redactor.json(jsonBodyOf(request));
  }

  private answer(response: ServerResponse, { body, ...rest }: HttpAnswer): void {
    send(response, { ...rest, body: typeof body === 'string' ? this.parts.redactor.text(body) : body });
  }

  private async contextOf(request: IncomingMessage): Promise<ApiContext> {
    const caller = await this.parts.access.callerOf(request);
    return this.parts.contexts.of(caller, httpRequestOf(request));
  }

  private checkQuery(body: unknown): DocumentNode | null {
    if (Array.isArray(body)) throw new ApiError('BATCH_REFUSED', 'Several operations in one request are refused.');
    const query = typeof body === 'object' && body !== null && 'query' in body ? body.query : undefined;
    return typeof query === 'string' && query !== '' ? this.parts.gate.admit(query) : null;
  }
}

/** Whether the operation that is meant is a subscription; false where it is not clear which is meant. */
function subscribes(document: DocumentNode, body: unknown): boolean {
  const { operationName } = body as { readonly operationName?: unknown };
  return getOperationAST(document, typeof operationName === 'string' ? operationName : null)?.operation === OperationTypeNode.SUBSCRIPTION;
}

function headersFor(error: unknown): Record<string, string> {
  // A client that asks again at once over the same connection would keep the server from closing.
  if (isTaskloomError(error) && error.code === 'ENGINE_STOPPED') return { connection: 'close' };
  if (!(error instanceof ApiError)) return {};
  if (error.status === 405) return { allow: 'GET, POST' };
  const { retryAfterMs } = error.details;
  return typeof retryAfterMs === 'number' ? { 'retry-after': String(Math.ceil(retryAfterMs / 1_000)) } : {};
}

function checkForm(request: IncomingMessage, methods: readonly string[]): void {
  const { method = '' } = request;
  if (!methods.includes(method)) throw new ApiError('METHOD_NOT_ALLOWED', `${method} is not answered here.`);
  const { 'content-type': contentType } = request.headers;
  if (method === 'POST' && mediaTypeOf(contentType) !== 'application/json') throw typeRefused(contentType);
}

function urlOf(request: IncomingMessage & { readonly originalUrl?: string }): URL {
  return new URL(request.originalUrl ?? request.url ?? '/', 'http://localhost');
}

function headersOf(request: IncomingMessage): HeaderMap {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  if (request.headers.accept) headers.set('accept', withoutParameters(request.headers.accept));
  return headers;
}

function toHttpAnswer({ status, headers, body }: HTTPGraphQLResponse): HttpAnswer {
  // Apollo answers in chunks only to @defer and @stream, which this schema does not have.
  if (body.kind !== 'complete') throw new Error('an answer in chunks was not expected');
  return { status: status ?? 200, headers: Object.fromEntries(headers), body: body.string };
}
