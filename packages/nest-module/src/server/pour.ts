import type { ExecutionResult } from 'graphql';

import { endable } from '../graphql/live/endable.js';
import type { Pushed } from './pushed.js';

/**
 * Sends what a subscription pushes, each when the one before is on its way, until `send` says that nobody takes it any more.
 * To graphql-ws it is a subscription that gives nothing and ends with the last: its own way of sending writes each result as
 * JSON for each client.
 */
export function pour(
  pushed: AsyncIterableIterator<Pushed>,
  send: (pushed: Pushed) => Promise<boolean>,
): AsyncIterableIterator<ExecutionResult, void> {
  const end = async (): Promise<IteratorReturnResult<void>> => {
    await pushed.return?.();
    return { done: true, value: undefined };
  };
  return endable<ExecutionResult>(async () => {
    for (let item = await pushed.next(); !item.done; item = await pushed.next()) if (!(await send(item.value))) return end();
    return { done: true, value: undefined };
  }, end);
}
