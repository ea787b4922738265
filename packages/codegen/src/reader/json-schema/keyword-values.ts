import type { Json, JsonObject } from '@taskloom/core';

/** Keywords come from a library that is not ours: a value of an unexpected kind counts as absent. */
export function objectOf(value: Json | undefined): JsonObject | null {
  return typeof value === 'object' && value !== null && !isList(value) ? value : null;
}

export function listOf(value: Json | undefined): readonly Json[] | null {
  return value !== undefined && isList(value) ? value : null;
}

export function stringOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function booleanOf(value: Json | undefined): boolean {
  return value === true;
}

/** `{ [key]: number }`, or nothing, for spreading. */
export function numberOf<Key extends string>(keywords: JsonObject, key: Key): { readonly [K in Key]?: number } {
  const value = keywords[key];
  return typeof value === 'number' ? ({ [key]: value } as { readonly [K in Key]: number }) : {};
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
