import type { Json } from '@taskloom/core';
import { ts } from 'ts-morph';

import { ambiguityOf } from '../../../shape/ambiguity.js';
import type { Shape } from '../../../shape/shape.js';
import { definedMembers, isUndefined } from '../type-node.js';
import { memberPlace, type TypePlace } from '../type-place.js';
import type { TypeRule, TypeWalk } from '../type-rule.js';
import { orderedMembers } from '../union-order.js';
import { formOf } from './form-rule.js';
import { literalValue } from './literal-rule.js';

/** Unions. Their literals become one enumeration, whole enums keep their names, `undefined` means absent where that can be. */
export const unionRule: TypeRule = {
  name: 'union',
  read(type, place, walk) {
    if (!type.isUnion()) return null;
    if (!place.mayBeAbsent && type.types.some(isUndefined)) return walk.refuse('TYPE_UNDEFINED', 'may be `undefined`', place);
    const members = new UnionMembers(definedMembers(type), walk.checker).parts(place);
    const others = members.others.map(({ type: member, node }) => walk.read(member, memberPlace(place, node)));
    const shapes = distinct([...literalShapes(members.literals), ...others, ...(members.hasNull ? [{ kind: 'null' } as const] : [])]);
    if (shapes.length === 1) return shapes[0]!;
    checkAmbiguity(shapes, place, walk);
    return { kind: 'union', members: shapes };
  },
};

/** Conversions need to know from the JSON value which member it is; that can be told when every definition is read. */
function checkAmbiguity(shapes: readonly Shape[], place: TypePlace, walk: TypeWalk): void {
  walk.later((definitions) => {
    const reason = ambiguityOf(shapes, definitions);
    if (reason !== null) walk.refuse('TYPE_AMBIGUOUS', reason, place);
  });
}

/** Members that differ as types can be the same in JSON, a ref and the value it stands for among them. */
function distinct(shapes: readonly Shape[]): Shape[] {
  return [...new Map(shapes.map((shape) => [JSON.stringify(shape), shape])).values()];
}

function literalShapes(values: readonly Json[]): Shape[] {
  if (values.length === 0) return [];
  return [values.length === 1 ? { kind: 'literal', value: values[0]! } : { kind: 'enum', values }];
}

interface MemberParts {
  readonly literals: readonly Json[];
  readonly others: readonly { readonly type: ts.Type; readonly node: ts.TypeNode | null }[];
  readonly hasNull: boolean;
}

/** Parts a flat union into what was one thing when it was written. */
class UnionMembers {
  constructor(
    private readonly members: readonly ts.Type[],
    private readonly checker: ts.TypeChecker,
  ) {}

  parts(place: TypePlace): MemberParts {
    const wholes = this.wholeTypes();
    const rest = this.members.filter(
      (member) => ![...wholes.values()].some((parts) => parts.includes(member)) && !isNull(member) && !this.isSpecialNumber(member),
    );
    const isLiteral = (member: ts.Type): boolean => literalValue(member) !== undefined;
    const literals = orderedMembers(rest.filter(isLiteral), place.typeNode, this.checker).map(({ type }) => literalValue(type)!);
    const others = orderedMembers([...wholes.keys(), ...rest.filter((member) => !isLiteral(member))], place.typeNode, this.checker);
    return { literals, others, hasNull: this.members.some(isNull) };
  }

  /** A whole number beside any number says nothing more. */
  private isSpecialNumber(member: ts.Type): boolean {
    return formOf(member)?.kind === 'number' && this.members.some(({ flags }) => flags & ts.TypeFlags.Number);
  }

  /** `boolean` and enums of which every member is there, with their members. */
  private wholeTypes(): Map<ts.Type, readonly ts.Type[]> {
    const wholes = new Map<ts.Type, readonly ts.Type[]>();
    for (const member of this.members) {
      if (!(member.flags & (ts.TypeFlags.BooleanLiteral | ts.TypeFlags.EnumLiteral))) continue;
      const base = this.checker.getBaseTypeOfLiteralType(member);
      if (base === member || !base.isUnion() || wholes.has(base)) continue;
      if (base.types.every((part) => this.members.includes(part))) wholes.set(base, base.types);
    }
    return wholes;
  }
}

function isNull(type: ts.Type): boolean {
  return (type.flags & ts.TypeFlags.Null) !== 0;
}
