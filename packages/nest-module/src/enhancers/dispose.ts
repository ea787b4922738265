import type { LoggerService } from '@nestjs/common';

/**
 * Lets an instance clean up after itself, where it says how: `[Symbol.asyncDispose]()` or `[Symbol.dispose]()`. Its task is
 * done by then, so a failure is only logged.
 */
export async function dispose(instance: object, logger: LoggerService): Promise<void> {
  const { [Symbol.asyncDispose]: later, [Symbol.dispose]: now } = instance as Partial<AsyncDisposable & Disposable>;
  try {
    if (later) await later.call(instance);
    else now?.call(instance);
  } catch (error) {
    logger.warn(
      `An instance of ${instance.constructor.name} could not be disposed of: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
