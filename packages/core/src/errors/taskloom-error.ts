import { ERROR_CODES, type ErrorCategory, type ErrorCode } from './error-codes.js';
import type { Json } from '../kernel/json.js';

export interface TaskloomErrorOptions {
  /** Facts for programs: names, limits, JSON Pointers. Never a secret, never a stack. */
  readonly details?: { readonly [key: string]: Json };
  readonly cause?: unknown;
  /** Replaces the registry's remedy where the place of the error knows a better one. */
  readonly remedy?: string;
}

const BRAND = Symbol.for('taskloom.error');

/**
 * Every error that leaves the framework. `code` is stable, `message` says what happened and where, `remedy` what to do.
 * Recognised by `isTaskloomError` also when two copies of the package are installed.
 */
export class TaskloomError extends Error {
  readonly code: ErrorCode;
  readonly details: { readonly [key: string]: Json };
  readonly remedy: string;

  constructor(code: ErrorCode, message: string, options: TaskloomErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.details = options.details ?? {};
    this.remedy = options.remedy ?? ERROR_CODES[code].remedy;
    Object.defineProperty(this, BRAND, { value: true });
  }

  get category(): ErrorCategory {
    return ERROR_CODES[this.code].category;
  }
}

export function isTaskloomError(error: unknown): error is TaskloomError {
  return typeof error === 'object' && error !== null && BRAND in error;
}
