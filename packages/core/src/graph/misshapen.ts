import type { InputSubmission, TaskSubmission } from '../model/submission.js';

/** A part of a task that is not of its kind: which, and what it must be. */
export interface MisshapenPart {
  readonly part: 'refs' | 'dependsOn' | 'when' | 'map';
  readonly mustBe: string;
}

const NONE: readonly MisshapenPart[] = [];

/** Parts that nothing can be made of. The compiler refuses them; callers that it does not see bring anything. */
export function misshapenParts({ refs, dependsOn, when, map }: TaskSubmission): readonly MisshapenPart[] {
  if (refs === undefined && dependsOn === undefined && when === undefined && map === undefined) return NONE;
  const found: MisshapenPart[] = [];
  if (isGiven(refs) && !isListOfObjects(refs)) found.push({ part: 'refs', mustBe: 'a list of `{ at, task }`' });
  if (isGiven(dependsOn) && !(Array.isArray(dependsOn) && dependsOn.every((entry) => typeof entry === 'string' || isObject(entry))))
    found.push({ part: 'dependsOn', mustBe: 'a list of keys, or of `{ task, mode }`' });
  if (isGiven(when) && !isObject(when)) found.push({ part: 'when', mustBe: 'an object, `{ task, path }`' });
  if (isGiven(map) && !isMap(map))
    found.push({ part: 'map', mustBe: 'an object, `{ over: { task }, agent, input: { value, refs: […] }, items: [{ at, path }, …] }`' });
  return found;
}

/** What can be made something of. */
export function withoutMisshapen(task: TaskSubmission): TaskSubmission {
  const parts = misshapenParts(task);
  if (parts.length === 0) return task;
  const rest: { -readonly [Part in keyof TaskSubmission]: TaskSubmission[Part] } = { ...task };
  for (const { part } of parts) delete rest[part];
  return rest;
}

export function isInput(value: unknown): value is InputSubmission {
  return isObject(value) && 'value' in value && isListOfObjects((value as { readonly refs?: unknown }).refs);
}

/** In JSON, `null` says that there is none. */
function isGiven(part: unknown): boolean {
  return part !== undefined && part !== null;
}

function isMap(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { over, agent, input, items } = value as { readonly [part: string]: unknown };
  return isObject(over) && typeof agent === 'string' && isInput(input) && isListOfObjects(items);
}

function isListOfObjects(value: unknown): boolean {
  return Array.isArray(value) && value.every(isObject);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
