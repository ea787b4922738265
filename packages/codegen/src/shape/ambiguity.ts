import type { Shape, UnionShape } from './shape.js';
import { visitShapes } from './visit-shapes.js';

type WireType = 'string' | 'number' | 'boolean' | 'null' | 'array' | 'object' | 'any';

/**
 * Why the members of a union cannot be told apart in JSON although some of them must be converted, or `null` when they
 * can. Members without conversions may overlap as they like: nothing is done with them.
 */
export function ambiguityOf(members: readonly Shape[], definitions: ReadonlyMap<string, Shape>): string | null {
  const resolved = members.map((member) => resolveShape(member, definitions));
  const converting = resolved.filter((member) => convertsAnything(member, definitions));
  for (const member of converting) {
    const alike = resolved.filter(
      (other) =>
        other !== member &&
        wireTypesOf(other, definitions).some((type) => type === 'any' || wireTypesOf(member, definitions).includes(type)),
    );
    const isDistinct =
      member.kind === 'object' &&
      alike.every((other) => other.kind === 'object') &&
      discriminatorOf({ kind: 'union', members: [member, ...alike] }, definitions) !== null;
    if (alike.length > 0 && !isDistinct) return `mixes ${describe(member)} with ${describe(alike[0]!)}, which look the same in JSON`;
  }
  return null;
}

/** The property whose literals tell the members of a union of objects apart, or `null` when there is none. */
export function discriminatorOf(union: UnionShape, definitions: ReadonlyMap<string, Shape>): string | null {
  const objects = union.members.map((member) => resolveShape(member, definitions));
  const [first] = objects;
  if (objects.length < 2 || first?.kind !== 'object') return null;
  const candidates = first.properties.filter(({ optional }) => !optional).map(({ name }) => name);
  return candidates.find((name) => tellsApart(objects, name, definitions)) ?? null;
}

/** A shape without references around it. A reference that only leads to itself stands for anything. */
export function resolveShape(shape: Shape, definitions: ReadonlyMap<string, Shape>): Shape {
  const seen = new Set<string>();
  let current = shape;
  while (current.kind === 'ref' && !seen.has(current.to)) {
    seen.add(current.to);
    current = definitions.get(current.to) ?? { kind: 'any' };
  }
  return current.kind === 'ref' ? { kind: 'any' } : current;
}

function tellsApart(objects: readonly Shape[], name: string, definitions: ReadonlyMap<string, Shape>): boolean {
  const seen = new Set<unknown>();
  for (const object of objects) {
    const property =
      object.kind === 'object' ? object.properties.find((candidate) => candidate.name === name && !candidate.optional) : undefined;
    const shape = property && resolveShape(property.shape, definitions);
    const values = shape?.kind === 'literal' ? [shape.value] : shape?.kind === 'enum' ? shape.values : [];
    if (values.length === 0 || values.some((value) => seen.has(value))) return false;
    for (const value of values) seen.add(value);
  }
  return true;
}

function convertsAnything(shape: Shape, definitions: ReadonlyMap<string, Shape>): boolean {
  let found = false;
  visitShapes(shape, definitions, (part) => {
    found ||= part.kind === 'converted';
  });
  return found;
}

function wireTypesOf(shape: Shape, definitions: ReadonlyMap<string, Shape>): WireType[] {
  switch (shape.kind) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
    case 'array':
    case 'object':
      return [shape.kind];
    case 'tuple':
      return ['array'];
    case 'literal':
      return [wireTypeOf(shape.value)];
    case 'enum':
      return [...new Set(shape.values.map(wireTypeOf))];
    case 'converted':
      return wireTypesOf(shape.wire, definitions);
    case 'union':
      return shape.members.flatMap((member) => wireTypesOf(resolveShape(member, definitions), definitions));
    case 'never':
      return [];
    default:
      return ['any'];
  }
}

function wireTypeOf(value: unknown): WireType {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  const type = typeof value;
  return type === 'string' || type === 'number' || type === 'boolean' ? type : 'object';
}

const LIVE_NAMES = {
  date: 'a Date',
  bigint: 'a bigint',
  bytes: 'a Uint8Array',
  buffer: 'a Buffer',
  url: 'a URL',
  set: 'a Set',
  map: 'a Map',
  entries: 'a Map',
} as const;

function describe(shape: Shape): string {
  if (shape.kind === 'converted') return LIVE_NAMES[shape.to];
  const names = {
    string: 'a text',
    number: 'a number',
    boolean: 'a boolean',
    array: 'a list',
    tuple: 'a list',
    object: 'an object',
    any: 'any value',
  } as const;
  return shape.kind in names ? names[shape.kind as keyof typeof names] : 'another value';
}
