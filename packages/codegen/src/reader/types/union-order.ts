import { ts } from 'ts-morph';

import { compareTypes } from './declaration-order.js';
import { structureOf } from './type-node.js';

/** A union's members in the order they were written in, as far as that is known; the others behind them, in a fixed order. */
export function orderedMembers(
  members: readonly ts.Type[],
  typeNode: ts.TypeNode | null,
  checker: ts.TypeChecker,
): { readonly type: ts.Type; readonly node: ts.TypeNode | null }[] {
  const written = new Map<ts.Type, { rank: number; node: ts.TypeNode | null }>();
  collect(typeNode, checker, written);
  const compare = compareTypes(checker);
  return [...members]
    .sort((a, b) => (written.get(a)?.rank ?? Infinity) - (written.get(b)?.rank ?? Infinity) || compare(a, b))
    .map((type) => ({ type, node: written.get(type)?.node ?? null }));
}

function collect(
  node: ts.TypeNode | null,
  checker: ts.TypeChecker,
  written: Map<ts.Type, { rank: number; node: ts.TypeNode | null }>,
): void {
  const structure = structureOf(node, checker);
  if (!structure || !node) return;
  if (ts.isUnionTypeNode(structure)) {
    for (const member of structure.types) collect(member, checker, written);
    return;
  }
  const type = checker.getTypeFromTypeNode(node);
  if (!written.has(type)) written.set(type, { rank: written.size, node });
  // The parts of an enum or a `boolean`, should the union hold only some of them.
  for (const member of type.isUnion() ? type.types : []) if (!written.has(member)) written.set(member, { rank: written.size, node: null });
}
