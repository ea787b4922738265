import { endable } from '../graphql/live/endable.js';

/** What is made of each item; `onEnd` is called once, when they end in whatever way. */
export function mapped<Item, Made>(
  source: AsyncIterable<Item, void>,
  make: (item: Item) => Made | Promise<Made>,
  onEnd: () => void,
): AsyncIterableIterator<Made, void> {
  const items = source[Symbol.asyncIterator]();
  const end = async (): Promise<IteratorReturnResult<void>> => {
    onEnd();
    await items.return?.();
    return { done: true, value: undefined };
  };
  return endable<Made>(async () => {
    try {
      const item = await items.next();
      if (!item.done) return { done: false, value: await make(item.value) };
    } catch (error) {
      await end();
      throw error;
    }
    onEnd();
    return { done: true, value: undefined };
  }, end);
}
