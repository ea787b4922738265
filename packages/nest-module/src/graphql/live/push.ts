import { pushTurns } from './push-turns.js';

/**
 * What a subscription gives to graphql-js: reads `start` item by item, only when the client has taken the one before.
 * When the client leaves, the signal aborts at once, also while the next item is still awaited.
 */
export function push<View, Node>(
  start: (signal: AbortSignal) => AsyncIterable<View>,
  toNode: (view: View) => Node,
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
      return item.done ? { done: true, value: undefined } : { done: false, value: toNode(item.value) };
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
