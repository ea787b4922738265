import type { Permissions } from '../../access/permissions.js';
import { endable } from './endable.js';
import { pushTurns } from './push-turns.js';

/** {@link pushBatches} for what comes item by item. */
export function push<View, Node>(
  start: (signal: AbortSignal) => AsyncIterable<View>,
  toNode: (view: View) => Node,
  permissions: Permissions,
): AsyncIterableIterator<Node> {
  return pushBatches((signal) => singly(start(signal)), toNode, permissions);
}

/**
 * What a subscription gives to graphql-js: reads `start` only when the client has taken what came before, and gives the items
 * one by one. When the client leaves, the signal aborts at once, also while the next item is still awaited. Nothing is given
 * any more once the caller's credentials have expired.
 */
export function pushBatches<View, Node>(
  start: (signal: AbortSignal) => AsyncIterable<readonly View[]>,
  toNode: (view: View) => Node,
  permissions: Permissions,
): AsyncIterableIterator<Node> {
  const left = new AbortController();
  const source = start(left.signal)[Symbol.asyncIterator]();
  const turn = pushTurns.join();
  let batch: readonly View[] = [];
  let given = 0;
  const end = (): Promise<IteratorReturnResult<void>> => {
    left.abort();
    source.return?.().catch(() => {});
    return Promise.resolve({ done: true, value: undefined });
  };
  return endable<Node>(async () => {
    let isDone = false;
    while (given === batch.length && !isDone) {
      const read = await source.next();
      isDone = read.done === true;
      batch = read.done ? [] : read.value;
      given = 0;
    }
    await turn.take();
    // The connection is being closed, and the client shall not take this for the end.
    if (permissions.isExpired) await aborted(left.signal);
    if (isDone || left.signal.aborted) return { done: true, value: undefined };
    given += 1;
    return { done: false, value: toNode(batch[given - 1]!) };
  }, end);
}

async function* singly<View>(source: AsyncIterable<View>): AsyncGenerator<readonly View[], void> {
  for await (const view of source) yield [view];
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
