import type { ExecutionResult } from 'graphql';

import { endable } from '../graphql/live/endable.js';
import type { Pushed } from './pushed.js';

/** Sends one; false, at once or later, when nobody takes it any more. */
export type Send = (pushed: Pushed) => boolean | Promise<boolean>;

/**
 * Sends what a subscription pushes, each when the one before is on its way, until `send` says that nobody takes it any more,
 * or the client has left. To graphql-ws it is a subscription that gives nothing and ends with the last: its own way of sending
 * writes each result as JSON for each client.
 */
export function pour(rows: AsyncIterableIterator<readonly Pushed[]>, send: Send): AsyncIterableIterator<ExecutionResult, void> {
  let isOver = false;
  const end = async (): Promise<IteratorReturnResult<void>> => {
    isOver = true;
    await rows.return?.();
    return { done: true, value: undefined };
  };
  return endable<ExecutionResult>(async () => {
    for (let row = await rows.next(); !row.done; row = await rows.next()) {
      for (const pushed of row.value) {
        const sent = send(pushed);
        // Most are on their way at once; to wait for each would cost more than to send it.
        if (sent !== true && !(await sent)) return end();
        if (isOver) return { done: true, value: undefined };
      }
    }
    return { done: true, value: undefined };
  }, end);
}
