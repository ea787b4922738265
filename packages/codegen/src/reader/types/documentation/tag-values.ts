import type { Json } from '@taskloom/core';

/** Forms of text that validators know (ajv-formats). */
export const FORMATS: readonly string[] =
  'date-time date time iso-date-time iso-time duration uri uri-reference uri-template url email hostname ipv4 ipv6 regex uuid json-pointer relative-json-pointer byte binary password'.split(
    ' ',
  );

/** A tag's value, or what it should have been. */
export type TagValue = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly expected: string };

export function numberValue(text: string): TagValue {
  const value = Number(text);
  return text !== '' && Number.isFinite(value) ? { ok: true, value } : { ok: false, expected: 'a number' };
}

export function positiveValue(text: string): TagValue {
  const value = Number(text);
  return text !== '' && Number.isFinite(value) && value > 0 ? { ok: true, value } : { ok: false, expected: 'a number above 0' };
}

export function countValue(text: string): TagValue {
  const value = Number(text);
  return text !== '' && Number.isSafeInteger(value) && value >= 0 ? { ok: true, value } : { ok: false, expected: 'a whole number from 0' };
}

/** A tag that stands alone, or says `true`. */
export function flagValue(text: string): TagValue {
  return text === '' || text === 'true' ? { ok: true, value: true } : { ok: false, expected: 'nothing, or `true`' };
}

export function patternValue(text: string): TagValue {
  try {
    // As JSON Schema reads patterns.
    RegExp(text, 'u').test('');
    return text === '' ? { ok: false, expected: 'a regular expression' } : { ok: true, value: text };
  } catch (error) {
    return { ok: false, expected: `a regular expression (${(error as Error).message})` };
  }
}

export function formatValue(text: string): TagValue {
  return FORMATS.includes(text) ? { ok: true, value: text } : { ok: false, expected: `one of ${FORMATS.join(', ')}` };
}

/** What a text may stand for, likeliest first: the JSON it is, the text between its quotes, the text itself. */
export function readings(text: string): readonly Json[] {
  const found: Json[] = [];
  try {
    found.push(JSON.parse(text) as Json);
  } catch {
    // No JSON; a text then.
  }
  const quoted = /^'(.*)'$/s.exec(text)?.[1];
  return [...found, ...(quoted === undefined ? [] : [quoted]), text];
}

/** A list in JSON. */
export function listValue(text: string): readonly Json[] | null {
  try {
    const value = JSON.parse(text) as Json;
    return Array.isArray(value) ? (value as readonly Json[]) : null;
  } catch {
    return null;
  }
}
