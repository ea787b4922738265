import type { ts } from 'ts-morph';

/** Where in the user's types a reader stands: what to point at, and the way there from the root. */
export interface TypePlace {
  /** The nearest node that was written by hand; diagnostics point at it. */
  readonly node: ts.Node;
  /** How the type was written, where it was: it keeps names, comments and the order of unions that types forget. */
  readonly typeNode: ts.TypeNode | null;
  /** `files[].at` as it is read aloud; empty at the root. */
  readonly path: string;
  /** How many types lie around this one. */
  readonly depth: number;
  /** Whether `undefined` here means that there is nothing, as in a property; elsewhere it has no JSON form. */
  readonly mayBeAbsent: boolean;
}

/** The place of a property. */
export function propertyPlace(place: TypePlace, name: string, node: ts.Node, typeNode: ts.TypeNode | null): TypePlace {
  const step = /^[A-Za-z_$][\w$]*$/.test(name) ? name : `["${name}"]`;
  const path = place.path === '' || step.startsWith('[') ? place.path + step : `${place.path}.${step}`;
  return { node, typeNode, path, depth: place.depth + 1, mayBeAbsent: true };
}

/** The place of a part that has no name: a list's item, a map's value. */
export function itemPlace(place: TypePlace, typeNode: ts.TypeNode | null): TypePlace {
  return { node: typeNode ?? place.node, typeNode, path: `${place.path}[]`, depth: place.depth + 1, mayBeAbsent: false };
}

/** The place of one member of a union, or of what a type stands for. */
export function memberPlace(place: TypePlace, typeNode: ts.TypeNode | null): TypePlace {
  return { ...place, typeNode, depth: place.depth + 1, mayBeAbsent: false };
}
