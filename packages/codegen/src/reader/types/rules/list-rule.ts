import { ts } from 'ts-morph';

import type { Shape } from '../../../shape/shape.js';
import { argumentNode, structureOf } from '../type-node.js';
import { itemPlace, type TypePlace } from '../type-place.js';
import type { TypeRule, TypeWalk } from '../type-rule.js';

/** Arrays and tuples, read-only or not. */
export const listRule: TypeRule = {
  name: 'list',
  read(type, place, walk) {
    if (walk.checker.isTupleType(type)) return readTuple(type as ts.TypeReference, place, walk);
    if (!walk.checker.isArrayType(type)) return null;
    const item = walk.checker.getTypeArguments(type as ts.TypeReference)[0]!;
    const inner = itemPlace(place, argumentNode(place.typeNode, 0, walk.checker));
    // What is inferred for `[]`; nothing else can be in it.
    if (item.flags & ts.TypeFlags.Never) return { kind: 'array', items: { kind: 'never' }, maxItems: 0 };
    return { kind: 'array', items: walk.read(item, inner) };
  },
};

function readTuple(type: ts.TypeReference, place: TypePlace, walk: TypeWalk): Shape {
  const { elementFlags } = type.target as ts.TupleType;
  const types = walk.checker.getTypeArguments(type);
  const nodes = elementNodes(place, types.length, walk.checker);
  const items: { shape: Shape; optional: boolean }[] = [];
  let rest: Shape | null = null;
  for (const [index, element] of types.entries()) {
    const flags = elementFlags[index]!;
    const inner = {
      ...itemPlace(place, nodes[index] ?? null),
      path: `${place.path}[${index}]`,
      mayBeAbsent: (flags & ts.ElementFlags.Optional) !== 0,
    };
    if (rest)
      return walk.refuse('TYPE_UNSUPPORTED', 'is a tuple with elements behind its rest element', place, 'Put the rest element last.');
    if (flags & ts.ElementFlags.Variadic) return walk.refuse('TYPE_PARAMETER', 'is a tuple that depends on a type parameter', place);
    if (flags & ts.ElementFlags.Rest) rest = walk.read(element, inner);
    else items.push({ shape: walk.read(element, inner), optional: (flags & ts.ElementFlags.Optional) !== 0 });
  }
  return items.length === 0 && rest ? { kind: 'array', items: rest } : { kind: 'tuple', items, rest };
}

function elementNodes(place: TypePlace, length: number, checker: ts.TypeChecker): readonly (ts.TypeNode | null)[] {
  const structure = structureOf(place.typeNode, checker);
  if (!structure || !ts.isTupleTypeNode(structure) || structure.elements.length !== length) return [];
  return structure.elements.map((element) => {
    if (ts.isNamedTupleMember(element) || ts.isOptionalTypeNode(element)) return element.type;
    return ts.isRestTypeNode(element) ? null : element;
  });
}
