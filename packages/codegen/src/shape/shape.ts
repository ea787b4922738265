/*
 * The shape model: which JSON values an input or output may be. Readers make shapes, emitters write them; neither knows
 * the other. A shape is plain data without cycles; recursion goes through `ref` to a definition of the document.
 */
import type { Json } from '@taskloom/core';

import type { Annotations } from './annotations.js';

interface ShapeBase {
  readonly annotations?: Annotations;
}

export interface StringShape extends ShapeBase {
  readonly kind: 'string';
  readonly minLength?: number;
  readonly maxLength?: number;
  /** A regular expression as JSON Schema understands it (ECMA-262, `u` flag). */
  readonly pattern?: string;
  readonly format?: string;
  /** How bytes are written as text, for example `base64`. */
  readonly contentEncoding?: string;
}

export interface NumberShape extends ShapeBase {
  readonly kind: 'number';
  readonly integer?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
}

export interface BooleanShape extends ShapeBase {
  readonly kind: 'boolean';
}

export interface NullShape extends ShapeBase {
  readonly kind: 'null';
}

/** One value and no other. */
export interface LiteralShape extends ShapeBase {
  readonly kind: 'literal';
  readonly value: Json;
}

/** One of several values. */
export interface EnumShape extends ShapeBase {
  readonly kind: 'enum';
  readonly values: readonly Json[];
  /** What is said of single values, by their place in `values`. */
  readonly notes?: readonly (string | null)[];
}

export interface ArrayShape extends ShapeBase {
  readonly kind: 'array';
  readonly items: Shape;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
}

export interface TupleShape extends ShapeBase {
  readonly kind: 'tuple';
  readonly items: readonly { readonly shape: Shape; readonly optional: boolean }[];
  /** What may follow the listed items; `null` for nothing. */
  readonly rest: Shape | null;
}

export interface PropertyShape {
  readonly name: string;
  readonly shape: Shape;
  readonly optional: boolean;
}

export interface ObjectShape extends ShapeBase {
  readonly kind: 'object';
  /** In declared order. */
  readonly properties: readonly PropertyShape[];
  /** What properties hold whose names match a regular expression. */
  readonly patterns?: readonly { readonly pattern: string; readonly shape: Shape }[];
  /** What other properties hold; `null` when there are none. */
  readonly additional: Shape | null;
  /** A rule for the names of the other properties. */
  readonly propertyNames?: Shape;
  readonly minProperties?: number;
  readonly maxProperties?: number;
}

export interface UnionShape extends ShapeBase {
  readonly kind: 'union';
  readonly members: readonly Shape[];
}

/** A value that is all of these at once. */
export interface IntersectionShape extends ShapeBase {
  readonly kind: 'intersection';
  readonly members: readonly Shape[];
}

/** A definition of the same document, by name. */
export interface RefShape extends ShapeBase {
  readonly kind: 'ref';
  readonly to: string;
}

/**
 * A value that JSON has no form of its own for. Callers and the store see `wire`, the code of the application sees the
 * live value; the generated manifest converts.
 */
export interface ConvertedShape extends ShapeBase {
  readonly kind: 'converted';
  readonly to: LiveType;
  readonly wire: Shape;
}

/**
 * | live | in JSON |
 * |---|---|
 * | `date` | text in the form `date-time` |
 * | `bigint` | its decimal digits as text |
 * | `bytes`, `buffer` | base64 text |
 * | `url` | text in the form `uri` |
 * | `set` | a list without duplicates |
 * | `map` | an object (keys are strings) |
 * | `entries` | a list of pairs (a Map with other keys) |
 */
export type LiveType = 'date' | 'bigint' | 'bytes' | 'buffer' | 'url' | 'set' | 'map' | 'entries';

/** Any JSON value. */
export interface AnyShape extends ShapeBase {
  readonly kind: 'any';
}

/** No value at all. */
export interface NeverShape extends ShapeBase {
  readonly kind: 'never';
}

export type Shape =
  | StringShape
  | NumberShape
  | BooleanShape
  | NullShape
  | LiteralShape
  | EnumShape
  | ArrayShape
  | TupleShape
  | ObjectShape
  | UnionShape
  | IntersectionShape
  | ConvertedShape
  | RefShape
  | AnyShape
  | NeverShape;

export type ShapeKind = Shape['kind'];
