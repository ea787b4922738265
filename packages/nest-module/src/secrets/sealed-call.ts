import type { Redactor } from './redactor.js';

/** The function; what it returns or throws, at once or later, has no secrets in it. */
export function sealedCall<Args extends readonly unknown[], Result>(
  act: (...args: Args) => Result,
  redactor: Redactor,
): (...args: Args) => Result {
  return (...args) => {
    try {
      const result = act(...args);
      return isThenable(result) ? (later(result, redactor) as Result) : redactor.json(result);
    } catch (error) {
      throw redactor.thrown(error);
    }
  };
}

async function later(result: PromiseLike<unknown>, redactor: Redactor): Promise<unknown> {
  try {
    return redactor.json(await result);
  } catch (error) {
    throw redactor.thrown(error);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as Partial<PromiseLike<unknown>>).then === 'function';
}
