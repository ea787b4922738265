import type { IncomingMessage } from 'node:http';

import type { JsonObject } from '@taskloom/core';
import type { GraphQLError } from 'graphql';
import { makeServer, type Context, type Server, type SubscribePayload } from 'graphql-ws';

import type { AccessControl } from '../access/access-control.js';
import { socketRequestOf } from '../access/api-request.js';
import type { ApiCaller } from '../access/api-caller.js';
import { ApiError } from '../errors/api-error.js';
import type { ApiContexts } from '../graphql/api-context.js';
import type { ShownError } from '../errors/shown-error.js';
import type { ErrorPresenter } from '../graphql/graphql-errors.js';
import type { ApiLimits } from '../limits/api-limits.js';
import type { ClientLimits } from '../limits/client-limits.js';
import type { Redactor } from '../secrets/redactor.js';
import { toGraphqlError, type Operations, type PreparedOperation } from './operations.js';
import { pour, type Send } from './pour.js';
import type { Pushed } from './pushed.js';

export interface OperationServerParts {
  readonly operations: Operations;
  readonly clients: ClientLimits;
  readonly contexts: ApiContexts;
  readonly access: AccessControl;
  readonly limits: ApiLimits;
  readonly presenter: ErrorPresenter;
  readonly redactor: Redactor;
}

/** What belongs to one WebSocket beside its operations. */
export interface SocketFacts {
  readonly request: IncomingMessage;
  /** Sends what a subscription pushes; false when the WebSocket is closed. */
  readonly push: (operationId: string, pushed: Pushed) => ReturnType<Send>;
  /** The operation is over. */
  readonly ended: (operationId: string) => void;
  /** Closes the WebSocket because there is no room for it. */
  readonly refuse: (code: string) => void;
  /** Told who the caller is, and how to ask about it again. @throws ApiError where there is no room for it */
  readonly admitted: (caller: ApiCaller, recheck: () => Promise<unknown>) => void;
}

type SocketContext = Context<JsonObject | undefined, SocketFacts>;

/** What is handed to `subscribe` as `onSubscribe` has made it. */
type SocketOperation = PreparedOperation & { readonly push: Send };

/** The operations of graphql-transport-ws: who may ask, what is executed, how errors look. Knows no socket. */
export function createOperationServer(parts: OperationServerParts): Server<SocketFacts> {
  const { access, limits, operations, presenter } = parts;
  const present = (errors: readonly unknown[]): ShownError[] => errors.map((error) => presenter.present(error));

  return makeServer<JsonObject | undefined, SocketFacts>({
    connectionInitWaitTimeout: limits.connectionInitTimeoutMs,

    async onConnect(context) {
      try {
        const ask = () => access.socketCallerOf(context.extra.request, context.connectionParams ?? null);
        context.extra.admitted(await ask(), ask);
        return true;
      } catch (error) {
        const { extensions } = presenter.present(error);
        if (error instanceof ApiError && error.status === 429) context.extra.refuse(extensions.code);
        return false;
      }
    },

    async onSubscribe(context, id, payload): Promise<SocketOperation | readonly GraphQLError[]> {
      try {
        const prepared = await prepare(parts, context, payload);
        return 'contextValue' in prepared ? { ...prepared, push: (pushed) => context.extra.push(id, pushed) } : prepared;
      } catch (error) {
        return [toGraphqlError(error)];
      }
    },

    execute: (args) => operations.execute(args),
    async subscribe(args) {
      const operation = args as SocketOperation;
      const result = await operations.subscribe(operation);
      return Symbol.asyncIterator in result ? pour(result, operation.push) : result;
    },

    onNext: (_context, _id, _payload, _args, result) => (result.errors ? operations.shown(result) : undefined),
    onError: (_context, _id, _payload, errors) => present(errors),
    onComplete: (context, id) => context.extra.ended(id),
  });
}

async function prepare(
  { operations, clients, contexts, access, limits, redactor }: OperationServerParts,
  context: SocketContext,
  payload: SubscribePayload,
): Promise<PreparedOperation | readonly GraphQLError[]> {
  const open = Object.keys(context.subscriptions).length;
  if (open > limits.subscriptionsPerSocket) {
    throw new ApiError(
      'SUBSCRIPTION_LIMIT',
      `This WebSocket has ${limits.subscriptionsPerSocket} operations under way already (\`api.limits.subscriptionsPerSocket\`).`,
      {
        limit: limits.subscriptionsPerSocket,
        setting: 'api.limits.subscriptionsPerSocket',
      },
    );
  }
  const { request } = context.extra;
  const params = context.connectionParams ?? null;
  const caller = await access.socketCallerOf(request, params);
  const operationContext = contexts.of(caller, socketRequestOf(request, params));
  await clients.countOperation(operationContext.client);
  return operations.prepare(redactor.json(payload), operationContext);
}
