import type { Permissions } from '../../access/permissions.js';
import { endable } from './endable.js';
import { pushTurns, ROW } from './push-turns.js';

/** What a subscription gives to graphql-js: some items at a time, in order, each the root of an execution of its own. */
export type PushedRows<Node> = AsyncIterableIterator<readonly Node[], void>;

/** {@link pushBatches} for what comes item by item. */
export function push<View, Node>(
  start: (signal: AbortSignal) => AsyncIterable<View>,
  toNode: (view: View) => Node,
  permissions: Permissions,
): PushedRows<Node> {
  return pushBatches((signal) => singly(start(signal)), toNode, permissions);
}

/**
 * Reads `start` only when the client has taken what came before, and gives the items in rows, so that what is done for each
 * row is not done for each item. When the client leaves, the signal aborts at once, also while the next item is still awaited.
 * Nothing is given any more once the caller's credentials have expired.
 */
export function pushBatches<View, Node>(
  start: (signal: AbortSignal) => AsyncIterable<readonly View[]>,
  toNode: (view: View) => Node,
  permissions: Permissions,
): PushedRows<Node> {
  const left = new AbortController();
  const source = start(left.signal)[Symbol.asyncIterator]();
  let batch: readonly View[] = [];
  let given = 0;
  const end = (): Promise<IteratorReturnResult<void>> => {
    left.abort();
    source.return?.().catch(() => {});
    return Promise.resolve({ done: true, value: undefined });
  };
  return endable<readonly Node[]>(async () => {
    let isDone = false;
    while (given === batch.length && !isDone) {
      const read = await source.next();
      isDone = read.done === true;
      batch = read.done ? [] : read.value;
      given = 0;
    }
    await pushTurns.take();
    // The connection is being closed, and the client shall not take this for the end.
    if (permissions.isExpired) await aborted(left.signal);
    if (isDone || left.signal.aborted) return { done: true, value: undefined };
    const row = batch.slice(given, given + ROW);
    given += row.length;
    return { done: false, value: row.map(toNode) };
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
