/** What `next` gives, one by one; `end` is called when whoever reads it leaves, or throws into it. */
export function endable<Item>(
  next: () => Promise<IteratorResult<Item, void>>,
  end: () => Promise<IteratorReturnResult<void>>,
): AsyncIterableIterator<Item, void> {
  return {
    next,
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
