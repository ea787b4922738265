import type { Json } from '@taskloom/core';

import type { ObjectShape, Shape, StringShape, TupleShape } from '../../shape/shape.js';
import { FORM_MARK, textForm } from '../../shape/value-form.js';
import { docComment, stringLiteral, templateType, typeKey } from '../text/code-text.js';
import { annotationLines } from './annotation-lines.js';

/** Whose view a type takes. Callers may leave out what is optional and pass what is read-only; stored values are plain. */
export type Side = 'input' | 'output';

export interface TypeTextContext {
  readonly side: Side;
  /** The generated name of a definition. */
  readonly nameOf: (definition: string) => string;
  /** Whether what JSON types cannot say of a value travels in its type; then, the type of whole numbers. Default: it does not. */
  readonly wholeNumber?: string;
}

/** A type's text, and whether `[]` and `&` may follow it without brackets. */
interface TypeText {
  readonly text: string;
  readonly tight: boolean;
}

/** A shape as a TypeScript type. Lines after the first are indented by `indent`. */
export function typeText(shape: Shape, context: TypeTextContext, indent = ''): string {
  return print(shape, context, indent).text;
}

function print(shape: Shape, context: TypeTextContext, indent: string): TypeText {
  switch (shape.kind) {
    case 'string':
      return stringText(shape, context, false);
    case 'number':
      return tight((shape.integer && context.wholeNumber) || 'number');
    case 'boolean':
    case 'null':
    case 'never':
      return tight(shape.kind);
    case 'any':
      return UNKNOWN;
    case 'literal':
      return literal(shape.value);
    case 'enum':
      return union(shape.values.map(literal));
    case 'converted':
      return shape.wire.kind === 'string' ? stringText(shape.wire, context, true) : print(shape.wire, context, indent);
    case 'ref':
      return tight(context.nameOf(shape.to));
    case 'array':
      return list(`${bracketed(print(shape.items, context, indent))}[]`, context);
    case 'tuple':
      return list(tupleText(shape, context, indent), context);
    case 'object':
      return tight(objectText(shape, context, indent));
    case 'union':
      return union(shape.members.map((member) => print(member, context, indent)));
    case 'intersection':
      return intersection(shape.members.map((member) => print(member, context, indent)));
  }
}

function stringText(shape: StringShape, { wholeNumber }: TypeTextContext, isConverted: boolean): TypeText {
  const form = wholeNumber === undefined ? null : textForm(shape, isConverted);
  return tight(form === null ? 'string' : templateType(FORM_MARK + form));
}

function tupleText(shape: TupleShape, context: TypeTextContext, indent: string): string {
  const items = shape.items.map((item) => {
    const printed = print(item.shape, context, indent);
    return item.optional ? `${bracketed(printed)}?` : printed.text;
  });
  if (shape.rest) items.push(`...${bracketed(print(shape.rest, context, indent))}[]`);
  return `[${items.join(', ')}]`;
}

function objectText(shape: ObjectShape, context: TypeTextContext, indent: string): string {
  const inner = `${indent}  `;
  const printed = shape.properties.map((property) => ({ property, value: print(property.shape, context, inner) }));
  const members = printed.map(({ property, value }) => {
    const type = property.optional && context.side === 'input' ? union([value, tight('undefined')]).text : value.text;
    return `${docComment(annotationLines(property.shape.annotations), inner)}${inner}${typeKey(property.name)}${property.optional ? '?' : ''}: ${type};\n`;
  });
  const open = [...(shape.patterns ?? []).map((pattern) => pattern.shape), ...(shape.additional ? [shape.additional] : [])];
  if (open.length > 0) {
    // What the listed properties hold must fit the index signature too.
    const others = [...open.map((other) => print(other, context, inner)), ...printed.map(({ value }) => value)];
    if (shape.properties.some(({ optional }) => optional)) others.push(tight('undefined'));
    members.push(`${inner}[key: string]: ${union(others).text};\n`);
  }
  return members.length === 0 ? 'Record<string, never>' : `{\n${members.join('')}${indent}}`;
}

const UNKNOWN = tight('unknown');

function tight(text: string): TypeText {
  return { text, tight: true };
}

function list(text: string, context: TypeTextContext): TypeText {
  return context.side === 'input' ? { text: `readonly ${text}`, tight: false } : tight(text);
}

/** A literal's type. Objects and lists have none that says as much; the JSON Schema does. */
function literal(value: Json): TypeText {
  if (typeof value === 'string') return tight(stringLiteral(value));
  return typeof value === 'object' && value !== null ? UNKNOWN : tight(String(value));
}

function union(members: readonly TypeText[]): TypeText {
  const texts = new Set(members.map(({ text }) => text));
  if (texts.has('unknown')) return UNKNOWN;
  texts.delete('never');
  if (texts.size === 0) return tight('never');
  const [only] = texts.size === 1 ? members.filter(({ text }) => texts.has(text)) : [];
  return only ?? { text: [...texts].join(' | '), tight: false };
}

function intersection(members: readonly TypeText[]): TypeText {
  const [only] = members;
  if (!only) return UNKNOWN;
  return members.length === 1 ? only : { text: members.map(bracketed).join(' & '), tight: false };
}

function bracketed({ text, tight: isTight }: TypeText): string {
  return isTight ? text : `(${text})`;
}
