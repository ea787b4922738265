import { FatalError, RetryAfterError, type Json } from '@taskloom/core';
import { validate, type ValidationResult } from '@taskloom/core/internal';

import type { RemoteAnswer } from '../protocol/answer.js';
import { ReplyError } from '../protocol/reply-codes.js';
import type { ServedCall, ServeSettings } from './serve-options.js';

/** An input as the schema parses it. @throws ReplyError `INPUT_REFUSED` */
export async function parseInput({ input: schema, name }: ServeSettings, input: unknown): Promise<unknown> {
  const checked = await validate(schema, input);
  if (!checked.ok) throw new ReplyError('INPUT_REFUSED', `The input of "${name}" does not fit its schema: ${issuesOf(checked)}.`);
  return checked.value;
}

/** What the work comes to; never rejects. */
export async function runServed(settings: ServeSettings, input: unknown, call: ServedCall): Promise<RemoteAnswer> {
  try {
    const checked = await validate(settings.output, await settings.execute(input, call));
    if (checked.ok) return { output: (checked.value ?? null) as Json };
    return { error: { message: `The output of "${settings.name}" does not fit its schema: ${issuesOf(checked)}.`, retryable: false } };
  } catch (error) {
    return { error: failureOf(error) };
  }
}

function failureOf(error: unknown): Extract<RemoteAnswer, { error: unknown }>['error'] {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof FatalError) return { message, retryable: false };
  if (error instanceof RetryAfterError) return { message, retryAfterSeconds: Math.ceil(error.retryAfterMs / 1_000) };
  return { message };
}

function issuesOf({ issues }: Extract<ValidationResult, { ok: false }>): string {
  return issues.map(({ path, message }) => `${path === '' ? '(root)' : path}: ${message}`).join('; ');
}
