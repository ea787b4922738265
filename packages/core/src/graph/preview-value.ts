import type { Json } from '../kernel/json.js';
import { shorten } from './escape.js';

/** The beginning of an input or output. */
export interface ValuePreview {
  /** The first three fields, or items of a list, or the value itself under the name `''`. */
  readonly fields: readonly { readonly name: string; readonly value: string }[];
  /** How many more there are. */
  readonly more: number;
}

const FIELDS = 3;
const NAME_CHARS = 30;
const VALUE_CHARS = 60;

export function previewValue(value: Json): ValuePreview {
  if (value === null || typeof value !== 'object') return { fields: [{ name: '', value: shown(value) }], more: 0 };
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  const fields = entries.slice(0, FIELDS).map(([name, item]) => ({ name: shorten(name, NAME_CHARS), value: shown(item as Json) }));
  return { fields, more: entries.length - fields.length };
}

/** In place of a value that is too large to be read. */
export function previewSize(bytes: number): ValuePreview {
  return { fields: [{ name: '', value: `${bytes} bytes` }], more: 0 };
}

function shown(value: Json): string {
  if (typeof value === 'string') return shorten(JSON.stringify(value.slice(0, VALUE_CHARS * 8)), VALUE_CHARS);
  if (value === null || typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `[${value.length} ${value.length === 1 ? 'item' : 'items'}]`;
  const { length } = Object.keys(value);
  return length === 0 ? '{}' : `{${length} ${length === 1 ? 'field' : 'fields'}}`;
}
