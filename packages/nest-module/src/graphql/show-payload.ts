import type { Json, PayloadView } from '@taskloom/core';

/** A payload for the JSON scalar; one that is too large for its place becomes `{ $preview, $bytes }`. */
export function showPayload(payload: PayloadView | null): Json {
  if (!payload) return null;
  return payload.truncated ? { $preview: payload.value, $bytes: payload.bytes } : payload.value;
}
