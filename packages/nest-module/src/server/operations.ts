import {
  execute,
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  specifiedRules,
  subscribe,
  validate,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
  type ValidationRule,
} from 'graphql';

import type { ApiContext } from '../graphql/api-context.js';
import type { ApiLimits } from '../limits/api-limits.js';
import type { ClientLimits } from '../limits/client-limits.js';
import type { QueryGate } from '../limits/query-gate.js';
import { counted } from './counted.js';
import { withinTime } from './within-time.js';

/** An operation as a client sends it. */
export interface OperationRequest {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Record<string, unknown> | null | undefined;
}

export interface OperationsParts {
  readonly schema: GraphQLSchema;
  readonly gate: QueryGate;
  readonly limits: ApiLimits;
  readonly clients: ClientLimits;
  readonly introspection: boolean;
}

export type PreparedOperation = ExecutionArgs & { readonly contextValue: ApiContext };

/** Operations of live connections (WebSocket, SSE): measured, checked against the schema, executed, counted. */
export class Operations {
  private readonly rules: readonly ValidationRule[];

  constructor(private readonly parts: OperationsParts) {
    this.rules = parts.introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];
  }

  /** @returns what is wrong with it by the schema, otherwise what can be executed. @throws ApiError, GraphQLError for a syntax error */
  async prepare(request: OperationRequest, context: ApiContext): Promise<PreparedOperation | readonly GraphQLError[]> {
    const { schema, gate, clients } = this.parts;
    await clients.countOperation(context.client);
    const document = gate.admit(request.query);
    const errors = validate(schema, document, this.rules);
    if (errors.length > 0) return errors;
    return {
      schema,
      document,
      operationName: request.operationName ?? null,
      variableValues: request.variables ?? null,
      contextValue: context,
    };
  }

  /** A query or mutation. */
  async execute(operation: ExecutionArgs): Promise<ExecutionResult> {
    try {
      return await withinTime(Promise.resolve(execute(operation)), this.parts.limits.operationTimeoutMs);
    } catch (error) {
      return { errors: [toGraphqlError(error)] };
    }
  }

  /** A subscription, which takes one of its tenant's places until it ends. */
  async subscribe(operation: ExecutionArgs): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
    let release: () => void;
    try {
      release = this.parts.clients.takeSubscription((operation.contextValue as ApiContext).tenant);
    } catch (error) {
      return { errors: [toGraphqlError(error)] };
    }
    try {
      const result = await subscribe(operation);
      if (Symbol.asyncIterator in result) return counted(result, release);
      release();
      return result;
    } catch (error) {
      release();
      throw error;
    }
  }
}

/** For libraries that take errors of this class only; what they hold is shown by the presenter. */
export function toGraphqlError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const originalError = error instanceof Error ? error : new Error(String(error));
  return new GraphQLError(originalError.message, { originalError });
}
