import type { Json } from './json.js';

/** A JSON value with each of its texts changed, names of properties among them; the value itself where none is. */
export function mapTexts<Value extends Json>(value: Value, change: (text: string) => string): Value {
  return mapped(value, change) as Value;
}

function mapped(value: Json, change: (text: string) => string): Json {
  if (typeof value === 'string') return change(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).map((item) => mapped(item, change));
    return items.every((item, index) => Object.is(item, value[index])) ? value : items;
  }
  const entries = Object.entries(value as { readonly [name: string]: Json });
  const changed = entries.map(([name, item]) => [change(name), mapped(item, change)] as const);
  if (changed.every(([name, item], index) => name === entries[index]![0] && Object.is(item, entries[index]![1]))) return value;
  return Object.fromEntries(changed);
}
