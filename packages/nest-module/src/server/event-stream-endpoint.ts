import type { IncomingMessage, ServerResponse } from 'node:http';

import { TaskloomError } from '@taskloom/core';
import { GraphQLError, OperationTypeNode, getOperationAST, type ExecutionResult } from 'graphql';

import type { AccessControl } from '../access/access-control.js';
import { watchCaller } from '../access/watch-caller.js';
import type { ApiContext } from '../graphql/api-context.js';
import type { ApiLimits } from '../limits/api-limits.js';
import type { Redactor } from '../secrets/redactor.js';
import { EventStream } from './event-stream.js';
import { toGraphqlError, type OperationRequest, type Operations, type PreparedOperation } from './operations.js';
import type { Pushed } from './pushed.js';

export interface EventStreamEndpointParts {
  readonly operations: Operations;
  readonly access: AccessControl;
  readonly limits: ApiLimits;
  readonly redactor: Redactor;
}

/**
 * Operations over Server-Sent Events: the "distinct connections" mode of the GraphQL over SSE protocol, one request for
 * each operation. What `jobEvents` gives carries its `seq` as the event's id. Written here because graphql-sse's handler
 * keeps whatever a slow reader does not take.
 */
export class EventStreamEndpoint {
  private readonly open = new Set<EventStream>();
  private isClosed = false;

  constructor(private readonly parts: EventStreamEndpointParts) {}

  /** Of an operation that was counted. @throws ApiError, GraphQLError, TaskloomError `ENGINE_STOPPED` where the operation is refused before anything was answered */
  async serve(request: IncomingMessage, response: ServerResponse, operation: OperationRequest, context: ApiContext): Promise<void> {
    const { access, limits, operations } = this.parts;
    const prepared = operations.prepare(operation, context);
    // A stream that began now would end with the engine, and its client would take that for the end of the job.
    if (this.isClosed) throw new TaskloomError('ENGINE_STOPPED', 'The server is stopping.');
    const stream = new EventStream(response, limits.stalledReaderMs);
    this.open.add(stream);
    const stopWatching = watchCaller({
      caller: context.caller,
      recheckMs: limits.recheckMs,
      recheck: () => access.callerOf(request),
      onRefused: () => stream.breakOff(),
    });
    try {
      await this.pour(stream, await this.begin(prepared));
    } finally {
      stopWatching();
      this.open.delete(stream);
    }
  }

  /** Breaks all streams off, so that their clients know that they have not ended. */
  close(): void {
    this.isClosed = true;
    for (const stream of this.open) stream.breakOff();
  }

  private async begin(
    prepared: PreparedOperation | readonly GraphQLError[],
  ): Promise<ExecutionResult | AsyncIterableIterator<readonly Pushed[]>> {
    const { operations } = this.parts;
    if (!('contextValue' in prepared)) return { errors: prepared };
    const operation = getOperationAST(prepared.document, prepared.operationName);
    if (!operation) return { errors: [new GraphQLError('Unable to identify operation')] };
    return operation.operation === OperationTypeNode.SUBSCRIPTION ? operations.subscribe(prepared) : operations.execute(prepared);
  }

  private async pour(stream: EventStream, result: ExecutionResult | AsyncIterableIterator<readonly Pushed[]>): Promise<void> {
    if (Symbol.asyncIterator in result) {
      const leave = (): void => void result.return?.();
      stream.closed.addEventListener('abort', leave);
      if (stream.closed.aborted) leave();
      try {
        for await (const row of result) for (const { text, seq } of row) if (!(await stream.send('next', text, seq))) return;
      } catch (error) {
        await stream.send('next', this.textOf({ errors: [toGraphqlError(error)] }));
      }
    } else {
      await stream.send('next', this.textOf(result));
    }
    if (await stream.send('complete', undefined)) stream.end();
  }

  private textOf(result: ExecutionResult): string {
    const { operations, redactor } = this.parts;
    return redactor.text(JSON.stringify(operations.shown(result)));
  }
}
