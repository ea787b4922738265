import type { IncomingMessage } from 'node:http';

import type { JsonObject } from '@taskloom/core';
import {
  execute,
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  specifiedRules,
  validate,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
} from 'graphql';
import { makeServer, type Context, type Server, type SubscribePayload } from 'graphql-ws';

import type { AccessControl } from '../access/access-control.js';
import type { ApiCaller } from '../access/api-caller.js';
import { ApiError } from '../errors/api-error.js';
import type { ApiContexts } from '../graphql/api-context.js';
import type { ShownError } from '../errors/shown-error.js';
import type { ErrorPresenter } from '../graphql/graphql-errors.js';
import type { ApiLimits } from '../limits/api-limits.js';
import type { QueryGate } from '../limits/query-gate.js';
import type { ResumePoints } from './resume-points.js';
import { withinTime } from './within-time.js';

export interface OperationServerParts {
  readonly schema: GraphQLSchema;
  readonly contexts: ApiContexts;
  readonly access: AccessControl;
  readonly gate: QueryGate;
  readonly limits: ApiLimits;
  readonly presenter: ErrorPresenter;
  readonly introspection: boolean;
}

/** What belongs to one WebSocket beside its operations. */
export interface SocketFacts {
  readonly request: IncomingMessage;
  readonly resumePoints: ResumePoints;
  /** Told who the caller is, and how to ask about it again. */
  readonly admitted: (caller: ApiCaller, recheck: () => Promise<unknown>) => void;
}

type SocketContext = Context<JsonObject | undefined, SocketFacts>;

/** The operations of graphql-transport-ws: who may ask, what is executed, how errors look. Knows no socket. */
export function createOperationServer(parts: OperationServerParts): Server<SocketFacts> {
  const { access, limits, presenter } = parts;
  const present = (errors: readonly unknown[]): ShownError[] => errors.map((error) => presenter.present(error));

  return makeServer<JsonObject | undefined, SocketFacts>({
    connectionInitWaitTimeout: limits.connectionInitTimeoutMs,

    async onConnect(context) {
      try {
        const ask = () => access.socketCallerOf(context.extra.request, context.connectionParams ?? null);
        context.extra.admitted(await ask(), ask);
        return true;
      } catch (error) {
        presenter.present(error);
        return false;
      }
    },

    async onSubscribe(context, _id, payload) {
      try {
        return await prepare(parts, context, payload);
      } catch (error) {
        return [wrapped(error)];
      }
    },

    execute: (args) => executeWithin(args, limits.operationTimeoutMs),

    onNext(context, id, _payload, args, result) {
      context.extra.resumePoints.note(id, args.contextValue);
      return result.errors
        ? { ...(result.data === undefined ? undefined : { data: result.data }), errors: present(result.errors) }
        : undefined;
    },
    onError: (_context, _id, _payload, errors) => present(errors),
    onComplete: (context, id) => context.extra.resumePoints.forget(id),
  });
}

async function prepare(
  { schema, contexts, access, gate, limits, introspection }: OperationServerParts,
  context: SocketContext,
  payload: SubscribePayload,
): Promise<ExecutionArgs | readonly GraphQLError[]> {
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
  const caller = await access.socketCallerOf(context.extra.request, context.connectionParams ?? null);
  const document = gate.admit(payload.query);
  const errors = validate(schema, document, introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule]);
  if (errors.length > 0) return errors;
  return {
    schema,
    document,
    operationName: payload.operationName ?? null,
    variableValues: payload.variables ?? null,
    contextValue: contexts.of(caller),
  };
}

async function executeWithin(args: ExecutionArgs, ms: number): Promise<ExecutionResult> {
  try {
    return await withinTime(Promise.resolve(execute(args)), ms);
  } catch (error) {
    return { errors: [wrapped(error)] };
  }
}

/** graphql-ws takes errors of this class only; what they hold is shown by the presenter. */
function wrapped(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const originalError = error instanceof Error ? error : new Error(String(error));
  return new GraphQLError(originalError.message, { originalError });
}
