import type { Json } from '@taskloom/core';

/** What is said about a value without changing which values are allowed. */
export interface Annotations {
  readonly title?: string;
  readonly description?: string;
  readonly default?: Json;
  readonly examples?: readonly Json[];
  readonly deprecated?: boolean;
}

/** Whether nothing is said. */
export function isUnannotated(annotations: Annotations | undefined): boolean {
  return annotations === undefined || Object.keys(annotations).length === 0;
}
