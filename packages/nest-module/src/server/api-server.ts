import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';

import type { ApolloServer } from '@apollo/server';
import { Inject, Injectable, Logger, type LoggerService, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { GraphQLSchemaFactory } from '@nestjs/graphql';
import type { Engine } from '@taskloom/core';

import { AccessControl } from '../access/access-control.js';
import type { ParsedApiOptions } from '../api.options.js';
import type { Carrier } from '../carry/carrier.js';
import { ApiContexts, type ApiContext } from '../graphql/api-context.js';
import { ErrorPresenter } from '../graphql/graphql-errors.js';
import { buildApiSchema } from '../graphql/schema/build-api-schema.js';
import { ClientLimits } from '../limits/client-limits.js';
import { QueryGate } from '../limits/query-gate.js';
import { redactedNestLogger } from '../secrets/redacting-logger.js';
import type { Redactor } from '../secrets/redactor.js';
import type { ParsedModuleOptions } from '../taskloom.options.js';
import { PARSED_OPTIONS } from '../tokens.js';
import { startApolloServer } from './apollo-server.js';
import { EventStreamEndpoint } from './event-stream-endpoint.js';
import { GraphiqlFiles } from './graphiql/graphiql-files.js';
import { HttpEndpoint } from './http-endpoint.js';
import { mountOn, type Mount } from './mount.js';
import { createOperationServer } from './operation-server.js';
import { Operations } from './operations.js';
import { PathClashes } from './path-clashes.js';
import { SilentConnections } from './silent-connections.js';
import { WebSocketEndpoint } from './web-socket-endpoint.js';

/** The GraphQL API in the application's HTTP server. Does nothing where there is none, or where it is switched off. */
@Injectable()
export class ApiServer implements OnModuleInit {
  private readonly logger: LoggerService;
  private readonly redactor: Redactor;
  private readonly engine: Engine;
  private readonly carrier: Carrier | null;
  private readonly options: ParsedApiOptions | null;
  private mount: Mount | null = null;
  private apollo: ApolloServer<ApiContext> | null = null;
  private sockets: WebSocketEndpoint | null = null;
  private eventStreams: EventStreamEndpoint | null = null;
  private silent: SilentConnections | null = null;

  constructor(
    @Inject(PARSED_OPTIONS) { engine, carrier, secrets, api }: ParsedModuleOptions,
    private readonly adapterHost: HttpAdapterHost,
    private readonly schemaFactory: GraphQLSchemaFactory,
    private readonly clashes: PathClashes,
  ) {
    this.engine = engine;
    this.redactor = secrets.redactor;
    this.logger = redactedNestLogger(new Logger('TaskloomApi'), secrets.redactor);
    this.carrier = carrier;
    this.options = api;
    // As early as there is an adapter, so that larger bodies than the application's parser takes can be read.
    if (api) adapterHost.init$.subscribe(() => this.prepareMount(api));
    if (api) this.prepareMount(api);
  }

  /** Why the API cannot be served, each with what to do about it. */
  get problems(): readonly string[] {
    return this.options && this.mount ? this.clashes.problemsWith(this.options.path) : [];
  }

  /** Serves the API, unless there are problems, which keep the application from starting. */
  async onModuleInit(): Promise<void> {
    const { options: api, mount } = this;
    if (!api || !mount || this.problems.length > 0) return;
    const { engine, logger, redactor } = this;
    const presenter = new ErrorPresenter({ suggestions: api.introspection, log: (id, error) => logger.error(`${id}: ${describe(error)}`) });
    const checksFields = api.authorize?.field !== undefined;
    const schema = await buildApiSchema(this.schemaFactory, { checkFields: checksFields });
    const common = {
      path: api.path,
      contexts: new ApiContexts(engine, api.authorize ?? {}, api.limits.nodes, api.tenancy, this.carrier),
      access: new AccessControl(api),
      gate: new QueryGate(api.limits),
      clients: new ClientLimits(api.limits),
      limits: api.limits,
      presenter,
      redactor,
      logger,
      introspection: api.introspection,
    };
    const operations = new Operations({ ...common, schema, checksFields });
    this.apollo = await startApolloServer({ ...common, schema });
    this.eventStreams = new EventStreamEndpoint({ ...common, operations });
    const http = new HttpEndpoint({
      ...common,
      eventStreams: this.eventStreams,
      apollo: this.apollo,
      graphiql: api.graphiql ? await GraphiqlFiles.load(api.path) : null,
    });
    this.sockets = new WebSocketEndpoint({ ...common, operations: createOperationServer({ ...common, operations }) });
    mount.serve((request: IncomingMessage, response: ServerResponse) => http.handle(request, response));
    const server = this.adapterHost.httpAdapter.getHttpServer() as HttpServer;
    this.sockets.serve(server);
    this.silent = new SilentConnections(server);
    this.tell(api);
  }

  /** Sends the watchers away; they reconnect to whatever serves next. */
  async closeConnections(): Promise<void> {
    this.eventStreams?.close();
    await this.sockets?.close();
  }

  /** Answers nothing any more, and lets go of what would keep the HTTP server from closing. */
  async stop(): Promise<void> {
    await this.apollo?.stop();
    this.apollo = null;
    this.silent?.close();
  }

  private prepareMount(api: ParsedApiOptions): void {
    this.mount ??= mountOn(this.adapterHost.httpAdapter, api);
  }

  private tell({ path, allowAnonymous, authorize }: ParsedApiOptions): void {
    const audience = authorize ? 'callers whom `api.authorize` admits' : allowAnonymous ? 'everyone' : 'callers on this machine only';
    this.logger.log(`GraphQL at ${path} for ${audience}.`);
    if (allowAnonymous) this.logger.warn('`api.allowAnonymous` is on: whoever reaches this server can start, read and cancel jobs.');
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
