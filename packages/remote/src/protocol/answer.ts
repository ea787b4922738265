import type { Json } from '@taskloom/core';

/** What a remote agent's work came to: the body of a 200, and of a callback. */
export type RemoteAnswer = { readonly output: Json } | { readonly error: RemoteFailure };

export interface RemoteFailure {
  readonly message: string;
  /** Whether another attempt may pass. Default true. */
  readonly retryable?: boolean;
  /** Not before so many seconds from now. */
  readonly retryAfterSeconds?: number;
}

/** The answer in a parsed body, or what is wrong with it. Other keys are ignored, so that the protocol can grow. */
export function readAnswer(body: unknown): { readonly answer: RemoteAnswer } | { readonly problem: string } {
  if (!isObject(body)) return { problem: 'is no JSON object' };
  const hasOutput = Object.hasOwn(body, 'output');
  const hasError = Object.hasOwn(body, 'error');
  if (hasOutput === hasError) return { problem: hasOutput ? 'has both `output` and `error`' : 'has neither `output` nor `error`' };
  if (hasOutput) return { answer: { output: body['output'] as Json } };
  const { error } = body;
  if (!isObject(error) || typeof error['message'] !== 'string') return { problem: 'has an `error` without a `message`' };
  const { message, retryable, retryAfterSeconds } = error;
  if (retryable !== undefined && typeof retryable !== 'boolean')
    return { problem: 'has an `error.retryable` that is neither true nor false' };
  if (retryAfterSeconds !== undefined && !(typeof retryAfterSeconds === 'number' && retryAfterSeconds >= 0))
    return { problem: 'has an `error.retryAfterSeconds` that is no number of seconds' };
  return {
    answer: {
      error: {
        message,
        ...(retryable === undefined ? {} : { retryable }),
        ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
      },
    },
  };
}

export function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
