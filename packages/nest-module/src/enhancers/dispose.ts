/** Lets an instance clean up after itself, where it says how: `[Symbol.asyncDispose]()` or `[Symbol.dispose]()`. */
export async function dispose(instance: object): Promise<void> {
  const { [Symbol.asyncDispose]: later, [Symbol.dispose]: now } = instance as Partial<AsyncDisposable & Disposable>;
  if (later) await later.call(instance);
  else now?.call(instance);
}
