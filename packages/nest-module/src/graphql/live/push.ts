import type { Permissions } from '../../access/permissions.js';
import { pushTurns } from './push-turns.js';

/**
 * What a subscription gives to graphql-js: reads `start` item by item, only when the client has taken the one before.
 * When the client leaves, the signal aborts at once, also while the next item is still awaited. Nothing is given any more
 * once the caller's credentials have expired.
 */
export function push<View, Node>(
  start: (signal: AbortSignal) => AsyncIterable<View>,
  toNode: (view: View) => Node,
  permissions: Permissions,
): AsyncIterableIterator<Node> {
  const left = new AbortController();
  const source = start(left.signal)[Symbol.asyncIterator]();
  const turn = pushTurns.join();
  const end = (): Promise<IteratorResult<Node>> => {
    left.abort();
    source.return?.().catch(() => {});
    return Promise.resolve({ done: true, value: undefined });
  };
  return {
    async next() {
      const item = await source.next();
      await turn.take();
      // The connection is being closed, and the client shall not take this for the end.
      if (permissions.isExpired) await aborted(left.signal);
      return item.done || left.signal.aborted ? { done: true, value: undefined } : { done: false, value: toNode(item.value) };
    },
    return: end,
    async throw(error) {
      await end();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
