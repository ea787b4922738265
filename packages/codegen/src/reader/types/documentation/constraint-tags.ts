import type { Shape, ShapeKind } from '../../../shape/shape.js';
import { countValue, flagValue, formatValue, numberValue, patternValue, positiveValue, type TagValue } from './tag-values.js';

/** A tag that limits which values are allowed. */
export interface ConstraintTag {
  /** The kind of shape it can limit, and how people call that. */
  readonly kind: ShapeKind;
  readonly noun: string;
  readonly parse: (text: string) => TagValue;
  /** The shape's field, where it is not called like the tag. */
  readonly field?: string;
}

const number = (parse: ConstraintTag['parse'], field?: string): ConstraintTag => ({
  kind: 'number',
  noun: 'a number',
  parse,
  ...(field ? { field } : undefined),
});
const text = (parse: ConstraintTag['parse']): ConstraintTag => ({ kind: 'string', noun: 'a text', parse });
const list = (parse: ConstraintTag['parse']): ConstraintTag => ({ kind: 'array', noun: 'a list', parse });
const object = (parse: ConstraintTag['parse']): ConstraintTag => ({ kind: 'object', noun: 'an object', parse });

const TAGS: { readonly [name: string]: ConstraintTag } = {
  minimum: number(numberValue),
  maximum: number(numberValue),
  exclusiveMinimum: number(numberValue),
  exclusiveMaximum: number(numberValue),
  multipleOf: number(positiveValue),
  integer: number(flagValue),
  // As ts-json-schema-generator writes it.
  asType: number((written) => (written === 'integer' ? { ok: true, value: true } : { ok: false, expected: '`integer`' }), 'integer'),
  minLength: text(countValue),
  maxLength: text(countValue),
  pattern: text(patternValue),
  format: text(formatValue),
  minItems: list(countValue),
  maxItems: list(countValue),
  uniqueItems: list(flagValue),
  minProperties: object(countValue),
  maxProperties: object(countValue),
};

export function constraintTag(name: string): ConstraintTag | null {
  return Object.hasOwn(TAGS, name) ? TAGS[name]! : null;
}

/** The shape with the limit, or `null` when nothing in it could have it. In a union, the members that can have it get it. */
export function constrain(shape: Shape, name: string, tag: ConstraintTag, value: unknown): Shape | null {
  if (shape.kind === tag.kind) return { ...shape, [tag.field ?? name]: value };
  if (shape.kind !== 'union') return null;
  const members = shape.members.map((member) => constrain(member, name, tag, value));
  return members.every((member) => member === null)
    ? null
    : { ...shape, members: members.map((member, index) => member ?? shape.members[index]!) };
}
