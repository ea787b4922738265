import { parsePointer, type Json, type JsonObject } from '../kernel/json.js';
import type { TaskSpec } from '../model/task.js';
import { show, type GraphProblems } from './graph-problems.js';

/**
 * Reports refs that may stay empty although the input's schema needs a value there: one over an edge that lets its source end
 * without an output needs a fallback, a list or an optional property.
 */
export function checkHoles({ key, map, input, dependencies }: TaskSpec, schema: JsonObject, problems: GraphProblems): void {
  const { refs } = map ? map.input : input;
  for (const ref of refs) {
    const mode = dependencies.find(({ on }) => on === ref.task)?.mode ?? 'completed';
    if (mode === 'completed' || ref.or !== undefined || mayBeAbsent(schema, parsePointer(ref.at) ?? [])) continue;
    const at = ref.at === '' ? '(root)' : ref.at;
    problems.report(
      'MISSING_INPUT',
      key,
      `"${show(key)}" refers at ${at} to a task that may end without an output (it depends on it by mode "${mode}"), but its schema needs a value there: make the property optional, or give the ref a fallback with .or(value).`,
      { at: ref.at },
    );
  }
}

function mayBeAbsent(schema: JsonObject, path: readonly string[]): boolean {
  if (path.length === 0) return false;
  let current: JsonObject | null = schema;
  for (const [index, segment] of path.entries()) {
    const isLast = index === path.length - 1;
    if (current['type'] === 'array' || /^\d+$/.test(segment)) {
      if (isLast) return true;
      current = objectAt(current, 'items');
    } else {
      const required = Array.isArray(current['required']) ? (current['required'] as readonly Json[]) : [];
      if (isLast) return !required.includes(segment);
      current = objectAt(objectAt(current, 'properties') ?? {}, segment);
    }
    // What the schema does not spell out (a union, a $ref) is checked when the task starts.
    if (!current) return true;
  }
  return true;
}

function objectAt(parent: JsonObject, key: string): JsonObject | null {
  const value = parent[key];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}
