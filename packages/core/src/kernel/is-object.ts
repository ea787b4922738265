/** Whether something is an object with parts by name: no list, and not `null`. */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
