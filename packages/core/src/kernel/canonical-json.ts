import { createHash } from 'node:crypto';

import type { Json, JsonObject } from './json.js';

/**
 * One text for one value, whatever the order of its keys: as RFC 8785 writes it, and for texts that RFC refuses (a lone
 * surrogate) as `JSON.stringify` escapes them, because they can be stored and so must have a hash.
 */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const keys = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] as Json)}`).join(',')}}`;
}

function isList(value: readonly Json[] | JsonObject): value is readonly Json[] {
  return Array.isArray(value);
}

/** SHA-256 of the canonical text, as 43 characters of base64url. Used for memo, cache and idempotency keys. */
export function hashJson(value: Json): string {
  return createHash('sha256').update(canonicalJson(value)).digest('base64url');
}
