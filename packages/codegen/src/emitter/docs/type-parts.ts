import type { Json } from '@taskloom/core';

import type { Shape, TupleShape } from '../../shape/shape.js';
import type { TypePart } from './docs-model.js';

/** More values than this are not listed one by one. */
const MAX_VALUES = 12;

/** A shape as a short type that people read: `list of FileStat`, `"low" | "high"`. */
export function typeParts(shape: Shape): readonly TypePart[] {
  switch (shape.kind) {
    case 'any':
      return plain('any JSON');
    case 'never':
      return plain('nothing');
    case 'null':
    case 'boolean':
      return plain(shape.kind);
    case 'string':
      return plain(shape.format ?? (shape.contentEncoding === undefined ? 'string' : `${shape.contentEncoding} string`));
    case 'number':
      return plain(shape.integer ? 'integer' : 'number');
    case 'literal':
      return plain(JSON.stringify(shape.value));
    case 'enum':
      return plain(valueList(shape.values));
    case 'array':
      return [{ text: 'list of ' }, ...bracketed(shape.items)];
    case 'tuple':
      return tuple(shape);
    case 'object':
      return shape.properties.length === 0 && shape.additional ? [{ text: 'map of ' }, ...bracketed(shape.additional)] : plain('object');
    case 'union':
      return joined(shape.members.map(typeParts), ' | ');
    case 'intersection':
      return joined(shape.members.map(bracketed), ' & ');
    case 'converted':
      return typeParts(shape.wire);
    case 'ref':
      return [{ text: shape.to, definition: shape.to }];
  }
}

function plain(text: string): readonly TypePart[] {
  return [{ text }];
}

function valueList(values: readonly Json[]): string {
  const shown = values.slice(0, MAX_VALUES).map((value) => JSON.stringify(value));
  return values.length > MAX_VALUES ? `${shown.join(' | ')} | … (${values.length})` : shown.join(' | ');
}

function tuple({ items, rest }: TupleShape): readonly TypePart[] {
  const parts = items.map(({ shape, optional }) => [...bracketed(shape), ...(optional ? plain('?') : [])]);
  if (rest) parts.push([{ text: '…' }, ...bracketed(rest)]);
  return [{ text: '[' }, ...joined(parts, ', '), { text: ']' }];
}

function bracketed(shape: Shape): readonly TypePart[] {
  const isLoose = (shape.kind === 'union' && shape.members.length > 1) || (shape.kind === 'enum' && shape.values.length > 1);
  return isLoose ? [{ text: '(' }, ...typeParts(shape), { text: ')' }] : typeParts(shape);
}

function joined(lists: readonly (readonly TypePart[])[], between: string): readonly TypePart[] {
  return lists.flatMap((list, index) => (index === 0 ? list : [{ text: between }, ...list]));
}
