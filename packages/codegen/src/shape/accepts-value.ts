import type { Json } from '@taskloom/core';

import { resolveShape } from './ambiguity.js';
import type { ObjectShape, Shape, StringShape, TupleShape } from './shape.js';

/** Whether a JSON value fits a shape. Forms of text (`format`) are left to validators. */
export function acceptsValue(shape: Shape, value: Json, definitions: ReadonlyMap<string, Shape>): boolean {
  const accepts = (part: Shape, item: Json): boolean => acceptsValue(part, item, definitions);
  const resolved = resolveShape(shape, definitions);
  switch (resolved.kind) {
    case 'any':
      return true;
    case 'never':
      return false;
    case 'null':
      return value === null;
    case 'boolean':
      return typeof value === 'boolean';
    case 'string':
      return typeof value === 'string' && acceptsText(resolved, value);
    case 'number':
      return typeof value === 'number' && acceptsNumber(resolved, value);
    case 'literal':
      return sameJson(resolved.value, value);
    case 'enum':
      return resolved.values.some((allowed) => sameJson(allowed, value));
    case 'array':
      return (
        isList(value) &&
        within(value.length, resolved.minItems, resolved.maxItems) &&
        value.every((item) => accepts(resolved.items, item)) &&
        (!resolved.uniqueItems || new Set(value.map((item) => canonical(item))).size === value.length)
      );
    case 'tuple':
      return isList(value) && acceptsTuple(resolved, value, accepts);
    case 'object':
      return isObject(value) && acceptsObject(resolved, value, accepts);
    case 'union':
      return resolved.members.some((member) => accepts(member, value));
    case 'intersection':
      return resolved.members.every((member) => accepts(member, value));
    case 'converted':
      return accepts(resolved.wire, value);
    case 'ref':
      return true;
  }
}

type Accepts = (shape: Shape, value: Json) => boolean;

function acceptsText({ minLength, maxLength, pattern }: StringShape, value: string): boolean {
  return within([...value].length, minLength, maxLength) && (pattern === undefined || new RegExp(pattern, 'u').test(value));
}

function acceptsNumber(shape: Extract<Shape, { kind: 'number' }>, value: number): boolean {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = shape;
  if (shape.integer && !Number.isInteger(value)) return false;
  if (!within(value, minimum, maximum)) return false;
  if (exclusiveMinimum !== undefined && value <= exclusiveMinimum) return false;
  if (exclusiveMaximum !== undefined && value >= exclusiveMaximum) return false;
  return multipleOf === undefined || Number.isInteger(value / multipleOf);
}

function acceptsTuple({ items, rest }: TupleShape, value: readonly Json[], accepts: Accepts): boolean {
  const required = items.filter(({ optional }) => !optional).length;
  if (value.length < required || (!rest && value.length > items.length)) return false;
  return value.every((item, index) => accepts(items[index]?.shape ?? rest!, item));
}

function acceptsObject(shape: ObjectShape, value: { readonly [key: string]: Json | undefined }, accepts: Accepts): boolean {
  const keys = Object.keys(value).filter((key) => value[key] !== undefined);
  if (!within(keys.length, shape.minProperties, shape.maxProperties)) return false;
  if (shape.properties.some(({ name, optional }) => !optional && !keys.includes(name))) return false;
  return keys.every((key) => {
    if (shape.propertyNames && !accepts(shape.propertyNames, key)) return false;
    const listed = shape.properties.find(({ name }) => name === key);
    const matching = (shape.patterns ?? []).filter(({ pattern }) => new RegExp(pattern, 'u').test(key)).map((pattern) => pattern.shape);
    const shapes = [...(listed ? [listed.shape] : []), ...matching];
    if (shapes.length === 0) return shape.additional !== null && accepts(shape.additional, value[key]!);
    return shapes.every((part) => accepts(part, value[key]!));
  });
}

function within(value: number, minimum = -Infinity, maximum = Infinity): boolean {
  return value >= minimum && value <= maximum;
}

function sameJson(a: Json, b: Json): boolean {
  return canonical(a) === canonical(b);
}

/** JSON with sorted keys, for comparing. */
function canonical(value: Json): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json): value is { readonly [key: string]: Json | undefined } {
  return typeof value === 'object' && value !== null && !isList(value);
}
