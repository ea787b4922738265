/** The same items; `onEnd` is called once, when they end in whatever way. */
export function counted<Item>(source: AsyncIterable<Item, void>, onEnd: () => void): AsyncIterableIterator<Item, void> {
  const items = source[Symbol.asyncIterator]();
  return {
    async next() {
      try {
        const item = await items.next();
        if (item.done) onEnd();
        return item;
      } catch (error) {
        onEnd();
        throw error;
      }
    },
    async return() {
      onEnd();
      await items.return?.();
      return { done: true, value: undefined };
    },
    async throw(error) {
      onEnd();
      await items.return?.();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
