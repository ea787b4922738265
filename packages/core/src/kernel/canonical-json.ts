import { createHash } from 'node:crypto';

import canonicalize from 'canonicalize';

import type { Json } from './json.js';

/** One text for one value, whatever the order of its keys (RFC 8785). */
export function canonicalJson(value: Json): string {
  return canonicalize(value) ?? 'null';
}

/** SHA-256 of the canonical text, as 43 characters of base64url. Used for memo, cache and idempotency keys. */
export function hashJson(value: Json): string {
  return createHash('sha256').update(canonicalJson(value)).digest('base64url');
}
