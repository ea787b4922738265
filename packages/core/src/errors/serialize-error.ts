import { types } from 'node:util';

import { isErrorCode, type ErrorCode } from './error-codes.js';
import { isTaskloomError } from './taskloom-error.js';
import type { Json } from '../kernel/json.js';

/** An error as it is stored, sent and shown: never a stack, at most 8 KiB as JSON. */
export interface StoredError {
  readonly code: ErrorCode;
  readonly message: string;
  /** The thrown error's own name, for example `TypeError`; absent for the framework's errors. */
  readonly name?: string;
  readonly details?: { readonly [key: string]: Json };
  readonly causes?: readonly string[];
}

const MESSAGE_CHARS = 2_000;
const CAUSE_CHARS = 500;
const CAUSES = 5;
const DETAILS_CHARS = 4_000;
const NAME_CHARS = 100;
const LEAST_CHARS = 600;
const STORED_BYTES = 8_192;

/**
 * Turns anything that can be thrown into a stored error. Never throws itself: strings, `null`, frozen errors, cyclic
 * causes and errors whose getters throw are all accepted, long texts are cut.
 */
export function serializeError(thrown: unknown, fallback: ErrorCode = 'AGENT_FAILED'): StoredError {
  try {
    return bounded(isTaskloomError(thrown) ? fromTaskloomError(thrown) : fromUnknown(thrown, fallback));
  } catch {
    return { code: fallback, message: 'an error that cannot be read was thrown' };
  }
}

function fromTaskloomError(error: { code: unknown; message: string; details: { readonly [key: string]: Json } }): StoredError {
  const details = Object.keys(error.details).length > 0 ? boundedDetails(error.details) : undefined;
  return {
    code: isErrorCode(error.code) ? error.code : 'INTERNAL',
    message: cut(error.message, MESSAGE_CHARS),
    ...(details ? { details } : undefined),
    ...causesOf(error),
  };
}

function fromUnknown(thrown: unknown, code: ErrorCode): StoredError {
  if (isError(thrown)) {
    const message = cut(String(thrown.message), MESSAGE_CHARS);
    const name = cut(String(thrown.name), NAME_CHARS);
    return { code, message: message || name, name, ...causesOf(thrown) };
  }
  return { code, message: cut(show(thrown), MESSAGE_CHARS) || `an empty ${typeof thrown} was thrown` };
}

/** Characters of some languages take three bytes, escapes six: what is too large still loses its least important parts. */
function bounded(error: StoredError): StoredError {
  if (bytesOf(error) <= STORED_BYTES) return error;
  const { causes: _causes, ...withoutCauses } = error;
  if (bytesOf(withoutCauses) <= STORED_BYTES) return withoutCauses;
  const { details: _details, ...bare } = withoutCauses;
  return bytesOf(bare) <= STORED_BYTES ? bare : { ...bare, message: cut(bare.message, LEAST_CHARS) };
}

function bytesOf(error: StoredError): number {
  return Buffer.byteLength(JSON.stringify(error));
}

/** Also an error of another realm: under a test runner those of Node's own modules are. */
function isError(value: unknown): value is Error {
  return value instanceof Error || types.isNativeError(value);
}

/** A thrown value that is no error. An object is not read: what it says of itself may be anything. */
function show(thrown: unknown): string {
  if (typeof thrown === 'string') return thrown;
  return typeof thrown === 'object' && thrown !== null ? 'a thrown object' : String(thrown);
}

function causesOf(error: unknown): { causes?: readonly string[] } {
  const causes: string[] = [];
  const seen = new Set<unknown>([error]);
  let current = (error as { cause?: unknown }).cause;
  while (current !== undefined && current !== null && !seen.has(current) && causes.length < CAUSES) {
    seen.add(current);
    causes.push(cut(isError(current) ? `${current.name}: ${current.message}` : show(current), CAUSE_CHARS));
    current = (current as { cause?: unknown }).cause;
  }
  return causes.length > 0 ? { causes } : {};
}

function boundedDetails(details: { readonly [key: string]: Json }): { readonly [key: string]: Json } {
  return JSON.stringify(details).length <= DETAILS_CHARS ? details : { truncated: true };
}

function cut(text: string, chars: number): string {
  if (text.length <= chars) return text.toWellFormed();
  return `${text.slice(0, chars).toWellFormed()}… (${text.length} characters)`;
}
