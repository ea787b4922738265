import type { Json } from './json.js';

type Container = Record<string, unknown>;

/** Whether a value has a place that `writeAt` can write to: every step on the way is an own object or list of it. */
export function hasPlaceAt(root: Json, segments: readonly string[]): boolean {
  return segments.length === 0 || containerAt(root, segments) !== null;
}

/**
 * Writes `item` at a place of a value (which is changed) and returns the value; the empty path replaces it. `undefined` takes
 * a property away. The path may come from anybody: only own objects and lists are entered, never a prototype.
 *
 * @throws RangeError where there is no such place
 */
export function writeAt(root: unknown, segments: readonly string[], item: unknown): unknown {
  if (segments.length === 0) return item;
  const container = containerAt(root, segments);
  if (container === null) throw new RangeError(`there is no place at ${JSON.stringify(segments)}`);
  const last = segments[segments.length - 1]!;
  if (item === undefined && !Array.isArray(container)) delete container[last];
  else container[last] = item;
  return root;
}

function containerAt(root: unknown, segments: readonly string[]): Container | null {
  let current = root;
  for (const segment of segments.slice(0, -1)) {
    if (!isContainer(current) || !hasItem(current, segment)) return null;
    current = current[segment];
  }
  const last = segments[segments.length - 1]!;
  if (!isContainer(current) || last === '__proto__') return null;
  // A list is as long as it was written; a hole cannot make it longer.
  return Array.isArray(current) && !hasItem(current, last) ? null : current;
}

/** Whether it has a property, or a list an item, of that name; a list's `length` is neither. */
function hasItem(container: Container, segment: string): boolean {
  return Object.hasOwn(container, segment) && (!Array.isArray(container) || INDEX.test(segment));
}

const INDEX = /^(?:0|[1-9]\d*)$/;

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null;
}
