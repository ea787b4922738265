import { isTaskloomError, type JsonObject } from '@taskloom/core';
import type { GraphQLFormattedError } from 'graphql';

import { ApiError } from './api-error.js';

const MESSAGE_CHARS = 2_000;

/** `extensions` of every error the API shows. */
export interface ShownExtensions extends Record<string, unknown> {
  readonly code: string;
  readonly remedy: string;
  readonly details?: JsonObject;
  /** For `INTERNAL`: the number under which the log tells more. */
  readonly correlationId?: string;
}

export interface ShownError extends GraphQLFormattedError {
  readonly extensions: ShownExtensions;
}

/** An error of ours as callers see it; `null` when it is none and must not be shown. */
export function showKnownError(error: unknown): ShownError | null {
  if (!(error instanceof ApiError) && !isTaskloomError(error)) return null;
  return {
    message: cut(error.message),
    extensions: {
      code: error.code,
      remedy: error.remedy,
      ...(Object.keys(error.details).length > 0 ? { details: error.details } : undefined),
    },
  };
}

export function cut(text: string): string {
  return text.length <= MESSAGE_CHARS ? text : `${text.slice(0, MESSAGE_CHARS).toWellFormed()}… (${text.length} characters)`;
}
