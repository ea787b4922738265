import {
  createSourceEventStream,
  execute,
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  specifiedRules,
  validate,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
  type ValidationRule,
} from 'graphql';

import type { ShownError } from '../errors/shown-error.js';
import type { ApiContext } from '../graphql/api-context.js';
import type { ErrorPresenter } from '../graphql/graphql-errors.js';
import type { PushedRows } from '../graphql/live/push.js';
import { JobEvent } from '../graphql/types/job-event.type.js';
import type { ApiLimits } from '../limits/api-limits.js';
import type { ClientLimits } from '../limits/client-limits.js';
import type { QueryGate } from '../limits/query-gate.js';
import type { Redactor } from '../secrets/redactor.js';
import { LeafSelection } from './leaf-selection.js';
import { makeRow } from './make-row.js';
import { mapped } from './mapped.js';
import { noSkippedSubscription } from './no-skipped-subscription.js';
import type { Pushed } from './pushed.js';
import { selectionKey } from './selection-key.js';
import { SharedTexts } from './shared-texts.js';
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
  readonly presenter: ErrorPresenter;
  readonly redactor: Redactor;
  /** Whether what a caller sees of an event may differ from what another sees who may see it. */
  readonly checksFields: boolean;
}

/** A result as its client sees it. */
export interface ShownResult {
  readonly data?: NonNullable<ExecutionResult['data']> | null;
  readonly errors?: ShownError[];
}

/** What a subscription selects of events. */
interface EventSelection {
  readonly key: string;
  /** `null`: events have to be executed. */
  readonly leaves: LeafSelection | null;
}

export type PreparedOperation = ExecutionArgs & { readonly contextValue: ApiContext };

/** Operations of live connections (WebSocket, SSE): measured, checked against the schema, executed. */
export class Operations {
  private readonly rules: readonly ValidationRule[];
  private texts: SharedTexts;

  constructor(private readonly parts: OperationsParts) {
    const rules = [...specifiedRules, noSkippedSubscription];
    this.rules = parts.introspection ? rules : [...rules, NoSchemaIntrospectionCustomRule];
    this.texts = new SharedTexts();
    // What was made before the secret was known may tell it.
    parts.redactor.onHide(() => (this.texts = new SharedTexts()));
  }

  /** @returns what is wrong with it by the schema, otherwise what can be executed. @throws ApiError, GraphQLError for a syntax error */
  prepare(request: OperationRequest, context: ApiContext): PreparedOperation | readonly GraphQLError[] {
    const { schema, gate } = this.parts;
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
  async subscribe(operation: PreparedOperation): Promise<AsyncIterableIterator<readonly Pushed[]> | ExecutionResult> {
    let release: () => void;
    try {
      release = this.parts.clients.takeSubscription(operation.contextValue.tenant);
    } catch (error) {
      return { errors: [toGraphqlError(error)] };
    }
    try {
      const source = await createSourceEventStream(operation);
      // What subscriptions of this schema give are rows.
      if (Symbol.asyncIterator in source) return mapped(source as PushedRows<unknown>, this.pusher(operation), release);
      release();
      return source;
    } catch (error) {
      // What goes wrong with one operation is no reason to end the others of its connection.
      release();
      return { errors: [toGraphqlError(error)] };
    }
  }

  /** As its client sees it. */
  shown({ data, errors }: { readonly [Part in keyof ExecutionResult]: ExecutionResult[Part] | undefined }): ShownResult {
    return {
      ...(data === undefined ? undefined : { data }),
      ...(errors ? { errors: errors.map((error) => this.parts.presenter.present(error)) } : undefined),
    };
  }

  /** Makes what is pushed of what the subscription gives: of an event once for all who select the same of it. */
  private pusher(operation: PreparedOperation): (row: readonly unknown[]) => readonly Pushed[] | Promise<readonly Pushed[]> {
    let selection: EventSelection | undefined;
    const make = (pushed: unknown): Pushed | Promise<Pushed> => {
      if (!(pushed instanceof JobEvent)) return this.made(operation, pushed, undefined);
      if (this.parts.checksFields) return this.made(operation, pushed, pushed.seq);
      selection ??= { key: selectionKey(operation), leaves: LeafSelection.of(operation) };
      return this.shared(operation, pushed, selection);
    };
    return (row) => makeRow(row, make);
  }

  private shared(operation: PreparedOperation, event: JobEvent, { key, leaves }: EventSelection): Pushed | Promise<Pushed> {
    const { view, seq } = event;
    const text = this.texts.get(view, key);
    if (text !== undefined) return { text, seq };
    const data = leaves?.read(event);
    const made = data ? this.toPushed({ data }, seq) : this.made(operation, event, seq);
    if (!(made instanceof Promise)) this.texts.set(view, key, made.text);
    return made;
  }

  private made(operation: PreparedOperation, pushed: unknown, seq: number | undefined): Pushed | Promise<Pushed> {
    operation.contextValue.forget();
    const result = execute({ ...operation, rootValue: pushed });
    return result instanceof Promise ? result.then((executed) => this.toPushed(executed, seq)) : this.toPushed(result, seq);
  }

  private toPushed(result: ExecutionResult, seq: number | undefined): Pushed {
    return { text: this.parts.redactor.text(JSON.stringify(this.shown(result))), seq };
  }
}

/** For libraries that take errors of this class only; what they hold is shown by the presenter. */
export function toGraphqlError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const originalError = error instanceof Error ? error : new Error(String(error));
  return new GraphQLError(originalError.message, { originalError });
}
