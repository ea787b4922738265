import { formatPointer, isPlainObject, type Json } from '../kernel/json.js';
import { refTargetOf, type RefTarget } from './ref.js';

/** A value with its refs taken out: `null` stands where each was. */
export interface CollectedInput {
  readonly value: Json;
  readonly refs: readonly { readonly at: string; readonly target: RefTarget }[];
}

/**
 * Parts a value into plain data and the refs inside it. Values that are not JSON are kept as they are: checking is the
 * schema's work, and the caller's.
 */
export function collectRefs(value: unknown): CollectedInput {
  const refs: { at: string; target: RefTarget }[] = [];
  return { value: visit(value, [], refs) as Json, refs };
}

function visit(value: unknown, path: (string | number)[], refs: { at: string; target: RefTarget }[]): unknown {
  const target = refTargetOf(value);
  if (target) {
    refs.push({ at: formatPointer(path), target });
    return null;
  }
  if (Array.isArray(value)) return value.map((item, index) => visit(item, [...path, index], refs));
  if (typeof value !== 'object' || value === null || !isPlainObject(value)) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) if (item !== undefined) copy[key] = visit(item, [...path, key], refs);
  return copy;
}
