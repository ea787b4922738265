import type { DecoratorName } from './decorator-errors.js';

/** What tells one class decorator of this package from the others. */
export interface DecoratorSpec {
  readonly decorator: DecoratorName;
  readonly kind: 'agent' | 'workflow';
  /** Under which the options are kept on the class. */
  readonly key: symbol;
  /** The method the class must have. */
  readonly method: string;
  /** How that method is written, for remedies. */
  readonly example: string;
}
