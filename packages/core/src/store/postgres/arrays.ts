import type { Value } from '../sql/statement.js';
import type { ColumnType } from '../tables/define-table.js';
import { encodeText } from './text-codec.js';

/** Values as the text of one array parameter. What is no whole number is left to the server to refuse. */
export function encodeArray(values: readonly Value[], type: ColumnType): string {
  if (type === 'text') return `{${values.map(quoted).join(',')}}`;
  return `{${(values.includes(null) ? values.map((value) => value ?? 'NULL') : values).join(',')}}`;
}

function quoted(value: Value): string {
  if (value === null) return 'NULL';
  const text = encodeText(String(value));
  return `"${text.includes('\\') || text.includes('"') ? text.replace(/["\\]/g, '\\$&') : text}"`;
}
