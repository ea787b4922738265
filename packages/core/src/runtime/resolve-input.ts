import { TaskloomError } from '../errors/taskloom-error.js';
import { byteLength, parsePointer, readPointer, type Json } from '../kernel/json.js';
import { writeAt } from '../kernel/json-place.js';
import type { InputTemplate } from '../model/task.js';

export interface ResolvedInput {
  readonly value: Json | undefined;
  /** Numbers of tasks whose output was wanted and is not there. */
  readonly missing: readonly number[];
}

/** Marks a place whose source has no value: a property is left out, an element is taken out of its list. */
const ABSENT = Symbol('absent');

/**
 * Fills the holes of an input (which is changed) with outputs. A hole without a value uses the ref's fallback; else its property is left out,
 * or its element removed from its list: the schema decides whether that is allowed.
 *
 * @throws TaskloomError `INPUT_TOO_LARGE` when more than `maxBytes` would be put in
 */
export function resolveInput(template: InputTemplate, outputs: ReadonlyMap<number, string | null>, maxBytes: number): ResolvedInput {
  if (template.refs.length === 0) return { value: template.value, missing: [] };
  const parsed = new Map<number, Json | undefined>();
  const missing = new Set<number>();
  let bytes = 0;
  const outputOf = (no: number): Json | undefined => {
    if (!parsed.has(no)) {
      const text = outputs.get(no) ?? null;
      bytes += text === null ? 0 : byteLength(text);
      if (bytes > maxBytes)
        throw new TaskloomError('INPUT_TOO_LARGE', `The outputs that make up the input have more than ${maxBytes} bytes.`, {
          details: { limit: maxBytes },
        });
      parsed.set(no, text === null ? undefined : (JSON.parse(text) as Json));
    }
    return parsed.get(no);
  };
  let value: unknown = template.value;
  for (const ref of template.refs) {
    const read = readPointer(outputOf(ref.task), parsePointer(ref.path)!);
    // `null` is a value; only what is not there has a fallback.
    const found = read === undefined ? ref.or : read;
    if (found === undefined) missing.add(ref.task);
    value = writeAt(value, parsePointer(ref.at)!, found === undefined ? ABSENT : found);
  }
  return { value: (missing.size === 0 ? value : withoutAbsent(value)) as Json | undefined, missing: [...missing] };
}

function withoutAbsent(value: unknown): unknown {
  if (value === ABSENT) return undefined;
  if (Array.isArray(value)) return value.includes(ABSENT) ? value.filter((item) => item !== ABSENT).map(withoutAbsent) : value;
  if (typeof value !== 'object' || value === null) return value;
  for (const [key, item] of Object.entries(value)) {
    if (item === ABSENT) delete (value as Record<string, unknown>)[key];
    else if (typeof item === 'object' && item !== null) (value as Record<string, unknown>)[key] = withoutAbsent(item);
  }
  return value;
}
