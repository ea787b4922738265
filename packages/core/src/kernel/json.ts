/** What can be stored, sent and compared: the value space of JSON (RFC 8259). */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** Why a value is not JSON, and where: `path` is a JSON Pointer (RFC 6901) from the value's root, cut after 500 characters. */
export interface JsonProblem {
  readonly path: string;
  readonly reason: string;
  readonly kind: 'not-json' | 'too-deep' | 'forbidden-key';
}

export interface JsonCheckLimits {
  /** Deepest nesting allowed; the default of 200 keeps every recursive reader of the value safe. */
  readonly maxDepth?: number;
}

const DEFAULT_MAX_DEPTH = 200;
/** Keys are as long as whoever sent the value wants. */
const LONGEST_PATH = 500;
/** Keys that would reach an object's prototype in careless code further on. */
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__']);

/**
 * Finds the first reason why `value` cannot be stored as JSON, or `null` when it can.
 *
 * Plain objects, arrays, strings, booleans, `null` and finite numbers are JSON. An object property whose value is
 * `undefined` counts as absent. Everything that `JSON.stringify` would silently change or drop (functions, symbols,
 * bigint, `NaN`, `Date`, `Map`, class instances, cycles) is a problem, so that what was returned is what is read back.
 */
export function findJsonProblem(value: unknown, { maxDepth = DEFAULT_MAX_DEPTH }: JsonCheckLimits = {}): JsonProblem | null {
  try {
    return isJson(value, maxDepth) ? null : visit(value, [], new Set(), maxDepth);
  } catch (error) {
    // A getter or a Proxy trap threw while being read.
    return { path: '', reason: `reading it threw ${describeThrown(error)}`, kind: 'not-json' };
  }
}

/** Most values are JSON, and are asked only whether; a value that contains itself runs out of `depth`. */
function isJson(value: unknown, depth: number): boolean {
  if (typeof value !== 'object') return typeof value === 'number' ? Number.isFinite(value) : PLAIN_TYPES.has(typeof value);
  if (value === null) return true;
  if (depth === 0 || ('toJSON' in value && typeof value.toJSON === 'function')) return false;
  if (Array.isArray(value)) return value.every((item) => isJson(item, depth - 1)) && !hasHoles(value);
  if (!isPlainObject(value)) return false;
  for (const key of Object.keys(value)) {
    const item = (value as Record<string, unknown>)[key];
    if (FORBIDDEN_KEYS.has(key) || (item !== undefined && !isJson(item, depth - 1))) return false;
  }
  return true;
}

const PLAIN_TYPES: ReadonlySet<string> = new Set(['string', 'boolean']);

/** What `every` passes over. */
function hasHoles(list: readonly unknown[]): boolean {
  for (let index = 0; index < list.length; index += 1) if (!(index in list)) return true;
  return false;
}

type Path = (string | number)[];

function visit(value: unknown, path: Path, open: Set<object>, maxDepth: number): JsonProblem | null {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return null;
    case 'number':
      return Number.isFinite(value) ? null : problem(path, `${value} has no JSON form`);
    case 'object':
      return value === null ? null : visitObject(value, path, open, maxDepth);
    default:
      return problem(path, `${value === undefined ? 'undefined' : `a ${typeof value}`} is not JSON`);
  }
}

function visitObject(value: object, path: Path, open: Set<object>, maxDepth: number): JsonProblem | null {
  if (path.length >= maxDepth) return { ...problem(path, `it is nested deeper than ${maxDepth} levels`), kind: 'too-deep' };
  if (open.has(value)) return problem(path, 'it contains itself');
  if ('toJSON' in value && typeof value.toJSON === 'function') return problem(path, 'it has a toJSON method');
  open.add(value);
  const found = Array.isArray(value) ? visitArray(value, path, open, maxDepth) : visitRecord(value, path, open, maxDepth);
  open.delete(value);
  return found;
}

function visitArray(value: readonly unknown[], path: Path, open: Set<object>, maxDepth: number): JsonProblem | null {
  for (let index = 0; index < value.length; index += 1) {
    path.push(index);
    const found = visit(value[index], path, open, maxDepth);
    if (found) return found;
    path.pop();
  }
  return null;
}

function visitRecord(value: object, path: Path, open: Set<object>, maxDepth: number): JsonProblem | null {
  if (!isPlainObject(value)) {
    return problem(path, `an instance of ${constructorName(value)} is not plain data`);
  }
  for (const key of Object.keys(value)) {
    if (FORBIDDEN_KEYS.has(key)) return { ...problem(path, `the key "${key}" is not allowed`), kind: 'forbidden-key' };
    const item = (value as Record<string, unknown>)[key];
    if (item === undefined) continue;
    path.push(key);
    const found = visit(item, path, open, maxDepth);
    if (found) return found;
    path.pop();
  }
  return null;
}

/** Whether an object is made by a literal, in this realm or another (a test runner's, a `vm`'s), and not by a class. */
export function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || (Object.getPrototypeOf(prototype) === null && !Array.isArray(value));
}

function problem(path: Path, reason: string): JsonProblem {
  const pointer = formatPointer(path);
  return { path: pointer.length <= LONGEST_PATH ? pointer : `${pointer.slice(0, LONGEST_PATH)}…`, reason, kind: 'not-json' };
}

function constructorName(value: object): string {
  const name: unknown = (value.constructor as { name?: unknown } | undefined)?.name;
  return typeof name === 'string' && name !== '' ? name : 'an unnamed class';
}

function describeThrown(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    return 'something that cannot be read';
  }
}

/** Writes path segments as a JSON Pointer: `['a/b', 0]` → `/a~1b/0`. The empty path is `''`, the whole value. */
export function formatPointer(segments: readonly (string | number)[]): string {
  return segments.map((segment) => `/${String(segment).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** Reads a JSON Pointer; `null` when the text is not one (it must be empty or start with `/`). */
export function parsePointer(pointer: string): string[] | null {
  if (pointer === '') return [];
  if (!pointer.startsWith('/') || /~(?![01])/.test(pointer)) return null;
  return pointer
    .slice(1)
    .split('/')
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The value at `pointer` inside `value`, or `undefined` where there is none. Only own properties are followed. */
export function readPointer(value: Json | undefined, segments: readonly (string | number)[]): Json | undefined {
  let current: Json | undefined = value;
  for (const segment of segments) {
    if (current === null || typeof current !== 'object') return undefined;
    if (!Object.hasOwn(current, segment) || (segment === 'length' && Array.isArray(current))) return undefined;
    current = (current as Record<string | number, Json | undefined>)[segment];
  }
  return current;
}

/** The size of a text in bytes as UTF-8, which is how payloads are measured. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}
